"""Keep that a blank is asked to stand in the defroster again (domain 4.16, 5.9)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from crm.operation import Operation
from crm.own_words import DEFROSTED_AGAIN
from crm.people.models import Person
from crm.production.facts.defrost_text import defrost_text
from crm.production.models import Blank
from crm.quality.models import Deviation
from crm.quality.operations.note_deviation import note_deviation

KIND = "redefrost"


@transaction.atomic
def ask_redefrost(by: Person, *, at: datetime, blank: Blank) -> None:
    """Open the deviation with how often and how long the blank stood there; one that is open
    already is the same request."""
    asked = Deviation.objects.filter(lot=blank.lot_id, kind=KIND, state=Deviation.State.OPEN)
    if asked.exists():
        return
    note_deviation(
        by,
        lot=blank.lot,
        kind=KIND,
        label=DEFROSTED_AGAIN,
        value=defrost_text(blank),
        session=uuid4(),
        at=at,
    )


OPERATION = Operation({"blank": "blank"}, ask_redefrost)
