"""Out of which mixes a by-product came: of its line, past the press (domain 14.1.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from crm.ledger.models import Edge, Lot, StateHistory
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.byproducts import mixes_of
from crm.production.facts.lines_pressed import lines_pressed
from crm.production.models import Mix, RawBatch, SecondMinced
from crm.production.operations.register_second_minced import register_second_minced
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import kg, now, out, who
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def on(number: int, pressed: datetime | None = None) -> tuple[RawBatch, Mix]:
    """Return a mix that stands in the mixer of a line, with the batch that it is of."""
    batch = batch_in_stock("carcass", kg(1000), condition="chilled")
    order = planned([line("1000", batch)], 1, line_mode=f"line_{number}")
    order.mixes.update(line=number, state="mixing")
    mix = order.mixes.get()
    StateHistory.objects.create(
        record="mix", record_id=str(mix.pk), from_state="pressing", to_state="pressed",
        transition="finish_press", at=pressed or now(),
    )  # fmt: skip
    return batch, mix


def taken(line_mode: str | None = None, mix: Mix | None = None) -> SecondMinced:
    return register_second_minced(
        who(), session=uuid4(), at=now(), kind=SecondMinced.Kind.MKO1, net=kg(100),
        produced_on=now().date(), key=str(uuid4()), mix=mix, line_mode=line_mode,
    )  # fmt: skip


def parents(second: SecondMinced) -> set[Lot]:
    edges = Edge.objects.filter(child=second.lot)
    assert all(edge.estimated for edge in edges)
    return {edge.parent for edge in edges}


def test_a_by_product_is_of_the_mixes_of_its_line_alone() -> None:
    (first, one), (other, two) = on(1), on(2)
    out(one)
    out(two)
    assert lines_pressed(None) == [1, 2]
    assert lines_pressed(one.order) == [1]
    second = taken("line_2")
    assert (second.source_line, parents(second)) == (2, {other.lot})
    assert mixes_of(second) == {two.pk}
    both = taken("both")
    assert (both.source_line, parents(both)) == (None, {first.lot, other.lot})


def test_where_one_line_gave_anything_it_is_the_line() -> None:
    batch, _ = on(2)
    second = taken()
    assert (second.source_line, parents(second)) == (2, {batch.lot})


def test_what_left_the_press_counts_before_it_leaves_the_mixer_and_not_when_it_does() -> None:
    waits, _ = on(1)  # pressed in this shift, in the mixer still
    _, earlier = on(1, pressed=now() - 5 * HOUR)  # before 07:00
    out(earlier)
    _, back = on(1)
    Mix.objects.filter(pk=back.pk).update(state="unpacked")  # a stage back
    assert parents(taken()) == {waits.lot}


def test_a_blank_that_is_not_weighed_yet_was_in_no_press() -> None:
    batch, mix = on(1)
    later, _ = on(1)
    Lot.objects.filter(pk=later.lot_id).update(born=None)
    assert mix.order is not None
    assert parents(taken()) == {batch.lot}


def test_the_line_is_asked_where_two_gave_something(clock: PlantClock) -> None:
    on(1)
    other, _ = on(2)
    talker = Talker(clock)
    talker.say("technologist", "/start", "[Занесение вторфарша]", "[Выпуск вторфарша]", "412,5")
    phone = talker.say("technologist", "[Тележка № 1 (27 кг)]", "[Вся смена]")
    assert phone.sees("…С какой линии?"), phone.described()
    talker.say("technologist", "[Линия 2]", "[Сохранить]")
    second = SecondMinced.objects.get()
    assert (second.source_line, parents(second)) == (2, {other.lot})
    talker.say("freezer_storekeeper", "/start", "[Заморозка МКО2]", "31", "21", "40", "812")
    talker.say("freezer_storekeeper", "[Вся смена]", "[Обе линии]", "[№ 1…]", "[Сохранить]")
    assert SecondMinced.objects.get(kind="mko2").source_line is None
