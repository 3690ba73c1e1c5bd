"""Keep that a document was made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F

from crm.documents.models import Document
from crm.ledger.operations.move_rows import move_rows
from crm.own_lives import states_before
from engine.model.files import StoredFile

if TYPE_CHECKING:
    from crm.people.models import Person

VALID = states_before(Document.RECORD, Document.State.VOID)


@transaction.atomic
def issue(
    created_for: Person | None,
    *,
    source_key: str,
    kind: str,
    title: str,
    number: str,
    lot_id: int | None,
    stored: StoredFile,
    name: str,
    state: Document.State,
    session: UUID | None,
    at: datetime,
    note: str = "",
) -> Document:
    """Keep a document as the next edition of its kind and lot, replacing the valid one; the same
    `source_key` keeps once. `note` says what a person corrected in it."""
    known = Document.objects.filter(source_key=source_key).first()
    if known:
        return known
    same = Document.objects.select_for_update().filter(kind=kind, state__in=VALID)
    earlier = list(same.filter(lot_id=lot_id)) if lot_id is not None else []
    # Out of the way of the «one valid» constraint first, for a moment its own successor.
    replaced = Document.objects.filter(pk__in=[old.pk for old in earlier])
    move_rows(replaced, Document.State.REPLACED, replaced_by=F("pk"))
    document = Document.objects.create(
        source_key=source_key,
        kind=kind,
        title=title,
        number=number,
        lot_id=lot_id,
        key=stored.key,
        name=name,
        mime=stored.mime,
        size=stored.size,
        sha256=stored.sha256,
        state=state,
        edition=_editions(kind, lot_id) + 1,
        note=note,
        session=session,
        created_at=at,
        created_for=created_for,
    )
    replaced.update(replaced_by=document)
    return document


def _editions(kind: str, lot_id: int | None) -> int:
    """Count the documents of a kind that a lot has had."""
    if lot_id is None:
        return 0
    return Document.objects.filter(kind=kind, lot_id=lot_id).count()
