"""Change the plan of an order: how many mixes it has, how much of each component it takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from crm.audit.operations.overwrite import Why, overwrite
from crm.fact import Line
from crm.ledger.models import Reservation
from crm.ledger.operations.lock import lock_balances
from crm.ledger.operations.reserve import reserve, unreserve
from crm.ledger.stock import account_of
from crm.operation import Operation
from crm.people.models import Person
from crm.production.blend import blend, part_of
from crm.production.component_waits import free_of
from crm.production.grams import GRAM, NOTHING
from crm.production.models import MincedOrder, Mix, OrderItem
from crm.production.models.mix import DISCHARGED, ON_LINE
from crm.production.operations.plan_order import add_mixes
from crm.production.rework import change_refusal
from crm.production.shares import items_of, used_of
from crm.quality.usable import Use, refuse_blocked
from crm.titles import state_said
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.values import show_number

MOST_MIXES = 200


@transaction.atomic
def change_order(
    by: Person,
    *,
    at: datetime,
    order: MincedOrder,
    number_mix: int,
    items: Sequence[Line],
    again: Sequence[Mix],
    reason: str,
) -> None:
    """Write the new plan with its reservations and make the mixes that are missing, in state `new`.
    `again` are the mixes on the line that its lifecycle issues again, and it cancels the surplus of
    queued ones; mixes that have left the mixer are never touched (domain 4.47).

    Raises Refused for fewer mixes or kilograms than were used, more than is free, more вторфарш
    than the recipe takes or of a lot that may not be used again, a mix that may not be issued
    again, mixes to come that would be made of nothing."""
    why = Why(by, at, reason)
    _check_again(order, again)
    _change_lines(order, items, why)
    _change_number(order, number_mix, len(again), at)
    _refuse_empty(order, number_mix)
    made = blend(part_of(item.lot, item.kg_to_take) for item in items_of(order))
    overwrite(order, {"number_mix": number_mix}, why)
    order.fat, order.protein, order.moisture = made.fat, made.protein, made.moisture
    order.analysed_kg = made.analysed
    order.save(update_fields=["fat", "protein", "moisture", "analysed_kg"])


def _check_again(order: MincedOrder, again: Sequence[Mix]) -> None:
    for mix in again:
        if mix.order_id != order.pk or mix.state not in ON_LINE:
            text = Message("Замес {number} выдать заново нельзя: {state}")
            values = {"number": str(mix), "state": state_said(mix)}
            raise Refused(Refusal(text, values))


def _change_lines(order: MincedOrder, items: Sequence[Line], why: Why) -> None:
    wanted = {line["item"].pk: line["kg"] for line in items}
    rows = sorted(items_of(order), key=lambda item: item.lot_id)
    if not wanted.keys() <= {item.pk for item in rows}:
        raise Refused(Refusal("Строка не из этой партии. Откройте партию заново"))
    more = [item for item in rows if wanted.get(item.pk, NOTHING) > item.kg_to_take]
    refuse_blocked([item.lot_id for item in more], Use.PLANNING)
    lock_balances((item.lot_id, account_of(item.lot).value) for item in rows)
    used = used_of(order)
    before = [(item.lot, item.kg_to_take) for item in rows]
    for item in rows:
        if item.pk in wanted:
            _change_line(item, wanted[item.pk], used.get(item.lot_id, NOTHING), why)
    after = [(item.lot, item.kg_to_take) for item in rows]
    broken = change_refusal(order.recipe_version, before, after)
    if broken is not None:
        raise Refused(broken)


def _change_line(item: OrderItem, kg: Decimal, used: Decimal, why: Why) -> None:
    number = str(item.lot.record)
    if kg < used:
        text = Message("{number}: замесы уже взяли {kg} кг, меньше нельзя")
        raise Refused(Refusal(text, {"number": number, "kg": show_number(used, 3)}))
    holder, delta = Reservation.Holder.ORDER_ITEM, kg - item.kg_to_take
    if delta > 0:
        free = free_of(item.lot)
        if free < delta:
            text = Message("{number}: добавить можно не больше {kg} кг")
            raise Refused(Refusal(text, {"number": number, "kg": show_number(free, 3)}))
        reserve(
            lot=item.lot,
            account=account_of(item.lot),
            kg=delta,
            holder=holder,
            holder_id=item.pk,
            at=why.at,
        )
    elif delta < 0:
        unreserve(holder=holder, holder_id=item.pk, kg=-delta)
    overwrite(item, {"kg_planned": kg, "kg_released": NOTHING}, why, about=item.order, part=number)


def _change_number(order: MincedOrder, number_mix: int, again: int, at: datetime) -> None:
    states = list(order.mixes.values_list("state", flat=True))
    live = len(states) - states.count(Mix.State.CANCELLED)
    out = sum(state in DISCHARGED for state in states)
    least = max(out, 1)
    if not least <= number_mix <= MOST_MIXES:
        text = Message("Замесов может быть от {least} до {most}: столько уже вышло из миксера")
        raise Refused(Refusal(text, {"least": str(least), "most": str(MOST_MIXES)}))
    spare = states.count(Mix.State.QUEUED) + again
    if live - number_mix > spare:
        text = Message(
            "На линии замесов больше, чем останется: отметьте «выдать заново» или оставьте не "
            "меньше {least}"
        )
        raise Refused(Refusal(text, {"least": str(live - spare)}))
    if number_mix > live:
        last = max(order.mixes.values_list("index", flat=True), default=0)
        add_mixes(order, range(last + 1, last + 1 + number_mix - live), at)


def _refuse_empty(order: MincedOrder, number_mix: int) -> None:
    """Refuse a plan that leaves the mixes to come less than a gram each."""
    used = used_of(order)
    left = sum((one.kg_to_take - used.get(one.lot_id, NOTHING) for one in items_of(order)), NOTHING)
    to_come = number_mix - order.mixes.filter(state__in=DISCHARGED).count()
    if left < to_come * GRAM:
        text = Message(
            "Замесам, которые ещё не вышли ({count}), ничего не остаётся: добавьте сырьё"
        )
        raise Refused(Refusal(text, {"count": str(to_come)}))


OPERATION = Operation(
    {
        "order": "minced_order",
        "number_mix": "integer",
        "items": "list of changed_line",
        "again": "list of mix",
        "reason": "text",
    },
    change_order,
)
