"""Declare one document void (domain 11.4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.documents.models import Document
from crm.documents.operations.issue import VALID
from crm.ledger.operations.move_rows import move_rows
from crm.ledger.operations.move_state import write_history
from crm.people.models import Person
from crm.titles import state_said
from engine.errors import Refusal, Refused
from engine.languages.message import Message


@transaction.atomic
def void_document(by: Person | None, *, document: Document, reason: str, at: datetime) -> None:
    """Void a valid document; its file stays and can be read. Raises Refused for one that is
    replaced or void."""
    row = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if row.state not in VALID:
        text = Message("Документ аннулировать нельзя: {state}")
        raise Refused(Refusal(text, {"state": state_said(row)}))
    move_rows(Document.objects.filter(pk=row.pk), Document.State.VOID)
    write_history(row, row.state, Document.State.VOID, "void", by=by, at=at, reason=reason)
