"""Turn weighed raw meat into a blank, and back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from crm.ledger.models import Account, Event, Reservation
from crm.ledger.operations.bear import bear
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.operation import Operation
from crm.people.models import Person
from crm.production.blend import blend, part_of_batch
from crm.production.models import Blank, RawBatch
from crm.production.operations.plan_blank import take_blend
from crm.quality.usable import Use, refuse_blocked
from crm.titles import state_said
from engine.errors import Refusal, Refused
from engine.languages.message import Message

KIND, SOURCE = "weigh_blank", "blank"


@transaction.atomic
def write_off_blank(by: Person | None, *, at: datetime, blank: Blank) -> None:
    """Write every component off by its own actual kilograms, raw store to blank store, release the
    whole reservation of its line, and say anew what the blank is (domain 4.12).

    Raises Refused when a line is not weighed, nothing is there, or a batch may not be used."""
    items = list(blank.items.select_related("batch__lot").order_by("position"))
    if any(item.kg_actual is None for item in items):
        raise Refused(Refusal("Взвешены не все строки", again="lines"))
    weighed = [(item, item.kg_actual) for item in items if item.kg_actual]
    if not weighed:
        raise Refused(Refusal("Заготовка ничего не весит: проверьте строки", again="lines"))
    for item, _ in weighed:
        if item.batch.state != RawBatch.State.RELEASED:
            text = Message("Партию {number} брать нельзя: {state}")
            state = state_said(item.batch)
            raise Refused(Refusal(text, {"number": str(item.batch), "state": state}))
    refuse_blocked([item.batch.lot_id for item, _ in weighed], Use.PHYSICAL)
    bear(blank.lot)
    lines, edges = [], []
    for item, kg in weighed:
        lines += [
            Line(item.batch.lot, Account.RAW_STORE, -kg),
            Line(blank.lot, Account.BLANK_STORE, kg),
        ]
        edges.append(EdgeLine(item.batch.lot, blank.lot, kg))
    post(
        KIND,
        lines,
        by=by,
        session=blank.session,
        source=SOURCE,
        key=f"{KIND}:{blank.pk}:{times_weighed(blank)}",
        occurred_at=at,
        edges=edges,
        consume=[(Reservation.Holder.BLANK_ITEM, item.pk, None) for item in items],
    )
    blank.weight_actual = sum((kg for _, kg in weighed), Decimal(0))
    take_blend(blank, blend(part_of_batch(item.batch, kg) for item, kg in weighed))
    blank.save(
        update_fields=["weight_actual", "fat", "protein", "moisture", "analysed_kg"],
    )


def weighing(blank: Blank) -> Event | None:
    """Return the event by which a blank came to be and that is not reversed."""
    return (
        Event.objects.filter(source=SOURCE, key__startswith=f"{KIND}:{blank.pk}:")
        .filter(reversed_by__isnull=True)
        .first()
    )


def times_weighed(blank: Blank) -> int:
    """Count how often a blank was weighed, also in vain."""
    return Event.objects.filter(source=SOURCE, key__startswith=f"{KIND}:{blank.pk}:").count()


OPERATION = Operation({"blank": "blank"}, write_off_blank)
