"""Keep that a document was made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F

from crm.documents.models import Document
from crm.ledger.operations.move_rows import move_rows
from crm.ledger.operations.number import next_number
from crm.own_lives import states_before
from engine.model.files import StoredFile

if TYPE_CHECKING:
    from crm.people.models import Person

EDITION = "{edition}"  # in the name of a file: which edition it is of
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
    `source_key` keeps once. Without a lot, editions are those of its number. `note` says what a
    person corrected in it."""
    known = Document.objects.filter(source_key=source_key).first()
    if known:
        return known
    edition = _next_edition(kind, number, lot_id)
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
        name=name.replace(EDITION, str(edition)),
        mime=stored.mime,
        size=stored.size,
        sha256=stored.sha256,
        state=state,
        edition=edition,
        note=note,
        session=session,
        created_at=at,
        created_for=created_for,
    )
    replaced.update(replaced_by=document)
    return document


def _next_edition(kind: str, number: str, lot_id: int | None) -> int:
    """Take the next edition of a kind and lot, or of a number. Who corrects the same at the same
    moment waits here until the commit: no edition is given twice, and one of them is valid."""
    mine = Document.objects.filter(kind=kind)
    if lot_id is not None:
        period, mine = str(lot_id), mine.filter(lot_id=lot_id)
    elif number:
        period, mine = number, mine.filter(lot=None, number=number)
    else:
        return 1
    return next_number(f"edition:{kind}"[:40], period[:10], first=lambda: mine.count() + 1)
