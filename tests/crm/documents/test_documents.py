"""Documents: one valid a kind and batch, replaced and never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from crm.documents.models import Document
from crm.documents.operations.issue import issue
from crm.documents.operations.void import void_documents
from crm.production.models import RawBatch
from engine.model.files import StoredFile

pytestmark = pytest.mark.django_db


def make(batch: RawBatch, at: datetime, number: int, state: Document.State) -> Document:
    return issue(
        None,
        source_key=f"act:{number}",
        kind="incoming_control",
        title="Акт",
        number="1",
        lot_id=batch.lot_id,
        stored=StoredFile(f"document/2026/11/{number}", "0" * 64, 10, "application/x"),
        name="Акт.docx",
        state=state,
        session=batch.session,
        at=at,
    )


def test_a_later_document_replaces_the_earlier(
    receive: Callable[..., RawBatch], at: datetime
) -> None:
    batch = receive()
    draft = make(batch, at, 1, Document.State.DRAFT)
    issued = make(batch, at, 2, Document.State.ISSUED)
    draft.refresh_from_db()
    assert (draft.state, draft.replaced_by) == ("replaced", issued)


def test_the_same_request_makes_one_document(
    receive: Callable[..., RawBatch], at: datetime
) -> None:
    batch = receive()
    first = make(batch, at, 1, Document.State.DRAFT)
    assert make(batch, at, 1, Document.State.DRAFT) == first
    assert (first.state, Document.objects.count()) == ("draft", 1)


def test_the_database_refuses_two_valid_documents(
    receive: Callable[..., RawBatch], at: datetime
) -> None:
    batch = receive()
    draft = make(batch, at, 1, Document.State.DRAFT)
    make(batch, at, 2, Document.State.ISSUED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=draft.pk).update(state="issued")


def test_only_valid_documents_become_void(receive: Callable[..., RawBatch], at: datetime) -> None:
    batch = receive()
    make(batch, at, 1, Document.State.DRAFT)
    make(batch, at, 2, Document.State.DRAFT)
    assert void_documents(lot_id=batch.lot_id) == 1
