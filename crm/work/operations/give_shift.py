"""Hand a shift over (domain 4.44)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.work.digest import of_person, of_plant
from crm.work.models import Handover
from engine.errors import Refusal, Refused

LONGEST = 500  # characters of the note


@transaction.atomic
def give_shift(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    whole: bool,
    successor: Person | None = None,
    note: str | None = None,
) -> Handover:
    """Keep a handover in state `new` with the digest of this moment: of the plant, or of his own
    work for a colleague. Done twice with one session it is one handover.

    Raises Refused when he would hand over to himself."""
    there = Handover.objects.filter(session=session).first()
    if there is not None:
        return there
    if successor == by:
        raise Refused(Refusal("Сдать смену себе нельзя: выберите другого", again="successor"))
    return Handover.objects.create(
        whole=whole,
        successor=successor,
        given_by=by,
        digest=str(of_plant(at) if whole else of_person(by, at)),
        note=(note or "").strip()[:LONGEST],
        session=session,
        created_at=at,
    )


OPERATION = Operation(
    {"whole": "bool", "successor": "person?", "note": "text?"}, give_shift, "handover"
)
