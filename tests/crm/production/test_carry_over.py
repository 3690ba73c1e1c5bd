"""What is left on a line of one mix gets into the next one (domain 14.1.1, 14.2.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.ledger.models import Edge, Event
from crm.ledger.trace import Way, lots_of
from crm.ledger.verify import verify
from crm.plant.clock import PlantClock
from crm.production.card import card
from crm.production.leftover import carried_over
from crm.production.models import Mix
from crm.production.operations.undo_discharge import undo_discharge
from crm.production.recall import recall
from crm.production.shippable import why_not
from crm.quality import usable
from crm.quality.operations.place_hold import place_hold
from crm.quality.usable import Use, blocked_lots
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import kg, now, out, stocked, who
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def on(number: int) -> Mix:
    """Return a mix that stands in the mixer of a line."""
    batch = batch_in_stock("carcass", kg(1000), condition="chilled")
    order = planned([line("1000", batch)], 1)
    order.mixes.update(line=number)
    return order.mixes.get()


def carried() -> set[tuple[int, int]]:
    """Return the live edges of what was left on the lines, none of which has kilograms."""
    edges = Edge.objects.filter(kind="carry_over", voided_by=None)
    assert not edges.exclude(kg=0).exists()
    return {(edge.parent_id, edge.child_id) for edge in edges}


def test_a_mix_takes_over_from_the_one_before_it_on_its_line_in_its_shift(
    clock: PlantClock,
) -> None:
    first, other, second, third = (out(on(number)) for number in (1, 2, 1, 1))
    assert carried() == {(first.lot_id, second.lot_id), (second.lot_id, third.lot_id)}
    clock.move(timedelta(hours=8))  # 19:30: the night has its own
    night = out(on(1))
    assert len(carried()) == 2
    assert lots_of([first.lot_id], Way.FORWARD) == {first.lot_id}
    beside = lots_of([first.lot_id], Way.FORWARD, carry_over=True)
    assert beside == {first.lot_id, second.lot_id, third.lot_id}
    assert not {other.lot_id, night.lot_id} & beside
    assert not [found for found in verify() if found.count]


def test_it_costs_one_statement_a_mix() -> None:
    out(on(1))
    mix = on(1)
    assert mix.lot.born is None  # read, as it is where it is born
    with CaptureQueriesContext(connection) as asked:
        (edge,) = carried_over(mix, now())
    assert len(asked) == 1
    assert edge.kg == 0


def test_who_took_over_is_neither_held_nor_of_its_kilograms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = out(on(1))
    pallet = stocked(7, mix=out(on(1)))
    place_hold(who("lab"), lot=first.lot, kind="recall", reason="проверка", at=now())
    assert why_not(pallet) is None
    monkeypatch.setattr(usable, "MANY", 0)
    assert blocked_lots([pallet.lot, first.lot], Use.SHIPPING).keys() == {first.lot_id}
    assert "проверка" not in card(pallet.lot, now())
    assert "Всего 1\u202f000,000 кг" in card(first.lot, now())
    found, wider = recall(first.lot_id), recall(first.lot_id, carry_over=True)
    assert pallet.lot_id not in found.trace.parts
    assert wider.trace.parts[pallet.lot_id].suspect == 0
    assert wider.suspect.accounted == found.suspect.accounted == kg("100.00")
    assert wider.on_hand == {pallet.lot_id: pallet.net}


def test_a_mix_is_taken_back_though_the_next_one_took_over_from_it() -> None:
    first, second, third = (out(on(1)) for _ in range(3))
    undo_discharge(who(), at=now(), mix=second, reason="не тот замес")
    assert carried() == {(first.lot_id, third.lot_id)}
    Mix.objects.filter(pk=second.pk).update(state="ready_to_discharge")
    again = out(Mix.objects.get(pk=second.pk))
    assert carried() == {(first.lot_id, third.lot_id), (third.lot_id, again.lot_id)}
    assert Event.objects.filter(kind="reverse_discharge").count() == 1
    assert not [found for found in verify() if found.count]
