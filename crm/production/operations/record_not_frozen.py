"""Keep that a pallet is accepted without having been frozen (domain 4.37)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from crm.operation import Operation
from crm.own_words import FREEZING, NOT_FROZEN
from crm.people.models import Person
from crm.production.models import Pallet
from crm.quality.models import Deviation
from crm.quality.operations.note_deviation import note_deviation

KIND = "not_frozen"


@transaction.atomic
def record_not_frozen(by: Person, *, at: datetime, pallet: Pallet) -> None:
    """Keep the deviation once, with who accepted it."""
    if Deviation.objects.filter(lot=pallet.lot_id, kind=KIND).exists():
        return
    note_deviation(
        by,
        lot=pallet.lot,
        kind=KIND,
        label=FREEZING,
        value=NOT_FROZEN,
        session=uuid4(),
        at=at,
    )


OPERATION = Operation({"pallet": "pallet"}, record_not_frozen)
