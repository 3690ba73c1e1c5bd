"""Keep what a blank weighs after the defroster, and how warm it is inside."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from crm.audit.operations.overwrite import Why, overwrite
from crm.ledger.stock import physical
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Blank
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number


@transaction.atomic
def record_defrost(
    by: Person | None,
    *,
    at: datetime,
    blank: Blank,
    weight_after: Decimal | None,
    core_temp: Decimal | None,
) -> None:
    """Write both down; what was not given stays unknown. Posts nothing: `post_drip` does.

    Raises Refused in another state, and for more kilograms than there are."""
    if blank.state != Blank.State.DEFROSTED:
        raise Refused(Refusal("Заготовка {number} не в дефростации", {"number": str(blank)}))
    there = physical(blank.lot)
    if weight_after is not None and not 0 < weight_after <= there:
        text = Message("После дефроста не может быть больше, чем было: {kg} кг")
        raise Refused(Refusal(text, {"kg": show_number(there, 3)}, again="weight_after"))
    values = {"weight_after_defrost": weight_after, "core_temp": core_temp}
    overwrite(blank, values, Why(by, at))


OPERATION = Operation(
    {"blank": "blank", "weight_after": "number kg?", "core_temp": "number °C?"}, record_defrost
)
