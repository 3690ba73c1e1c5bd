"""What keeps the components of an order from being planned or unpacked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from crm.asked_once import asked_once
from crm.ledger.models import Lot
from crm.ledger.stock import available, physical
from crm.production.grams import GRAM, NOTHING
from crm.production.models import Blank, MincedOrder, OrderItem, RawBatch, SecondMinced
from crm.production.shares import items_of, mixes_to_come, needed_by_active, used_of
from crm.quality.models import Hold
from crm.quality.usable import Use, blocked_lots, blocking
from crm.titles import state_said
from engine.languages.message import Message
from engine.model.values import show_number

BLANK_STATES = (Blank.State.DEFROSTED, Blank.State.READY)
BATCH_STATES = (RawBatch.State.RECEIVED, RawBatch.State.RELEASED)
OUT_OF_USE = (RawBatch.State.REJECTED, RawBatch.State.RETURNED, RawBatch.State.DISPOSED)
REJECTED = Message("партия {number} забракована: измените состав")
SECOND_STATES = (SecondMinced.State.REGISTERED, SecondMinced.State.ON_PALLET)


def free_of_blank(blank: Blank) -> Decimal:
    """Return how much of a blank may be planned: of one that is still in the defroster's hands
    only what the usual losses of its materials leave (domain 4.15)."""
    free = available(blank.lot)
    if blank.state == Blank.State.DEFROSTED:
        free -= _usual_loss(blank, physical(blank.lot))
    return max(free, NOTHING)


def _usual_loss(blank: Blank, there: Decimal) -> Decimal:
    weighed, lost = NOTHING, NOTHING
    for item in blank.items.select_related("batch__raw_material"):
        kg = item.kg_planned if item.kg_actual is None else item.kg_actual
        material = item.batch.raw_material
        weighed += kg
        lost += kg * (material.defrost_loss_pct or NOTHING if material else NOTHING) / 100
    return (there * lost / weighed).quantize(GRAM, ROUND_HALF_UP) if weighed else NOTHING


def free_of(lot: Lot) -> Decimal:
    """Return how much of a component may be planned."""
    record = lot.record
    return free_of_blank(record) if isinstance(record, Blank) else available(lot)


def not_free(order: MincedOrder) -> Message | None:
    """Return the first component of which less is free than planned; None when all can be
    reserved."""
    for item in items_of(order):
        free = free_of(item.lot)
        if free < item.kg_planned:
            return Message(
                "{number}: осталось {kg} кг",
                {"number": str(item.lot.record), "kg": show_number(free, 3)},
            )
    return None


@asked_once
def not_usable(order: MincedOrder) -> Message | None:
    """Return the first component still needed that may not be unpacked now, and why; None when all
    may."""
    return held_component(order) or _not_ready(_needed(order))


@asked_once
def held_component(order: MincedOrder) -> Message | None:
    """Return the first component still needed that a hold keeps from being used; None without
    any."""
    lots = {item.lot_id: item.lot for item in _needed(order)}
    holds = _holds() if order.pk in _active() else blocked_lots(lots, Use.PHYSICAL)
    for number, lot in lots.items():
        if number in holds:
            return _held(lot, holds[number])
    return None


@asked_once
def held_blank(blank: Blank) -> Message | None:
    """Return what holds a blank itself; None when nothing does."""
    hold = blocking(blank.lot_id, Use.PHYSICAL)
    return _held(blank.lot, hold) if hold is not None else None


def _needed(order: MincedOrder) -> tuple[OrderItem, ...]:
    found = _active().get(order.pk)
    if found is not None:
        return found
    if not mixes_to_come(order):
        return ()
    used = used_of(order)
    items = items_of(order)
    return tuple(item for item in items if item.kg_to_take > used.get(item.lot_id, NOTHING))


@asked_once
def _active() -> Mapping[int, tuple[OrderItem, ...]]:
    """Return what all orders at work still need: the dispatcher asks about each."""
    return needed_by_active()


@asked_once
def _holds() -> Mapping[int, Hold]:
    """Return what keeps any of it from being used, by the ids of lots."""
    lots = (item.lot_id for items in _active().values() for item in items)
    return blocked_lots(lots, Use.PHYSICAL)


def _held(lot: Lot, hold: Hold) -> Message:
    if isinstance(lot.record, RawBatch) and lot.record.state in OUT_OF_USE:
        return waited_of(lot.record, REJECTED)  # to release its hold would not help
    values = {"number": str(lot.record), "kind": hold.kind_said}
    return Message("{number} заблокирована: {kind}", values)


def waited_of(batch: RawBatch, rejected: Message) -> Message:
    """Return what a batch that is not released waits for: its analysis; nothing any more once it
    was rejected, so that `rejected` says what there is to do instead."""
    text = rejected if batch.state in OUT_OF_USE else Message("анализ партии {number}")
    return text.with_values({"number": str(batch)})


def _not_ready(items: Sequence[OrderItem]) -> Message | None:
    for item in items:
        match item.lot.record:
            case RawBatch() as batch if batch.state != RawBatch.State.RELEASED:
                return waited_of(batch, REJECTED)
            case Blank() as blank if blank.state not in BLANK_STATES:
                state = state_said(blank)
                return Message(
                    "заготовка {number}: {state}", {"number": str(blank), "state": state}
                )
            case SecondMinced() as second if second.state not in SECOND_STATES:
                state = state_said(second)
                return Message("лот {number}: {state}", {"number": str(second), "state": state})
    return None
