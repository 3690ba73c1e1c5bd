"""A mix whose component was held and then rejected for good does not keep its station: the
technologist takes it off the line in the chat (domain 4.47, 5.12)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.plant.talker import Talker
from crm.production.models import MincedOrder, Mix, Place
from crm.quality.models import HoldKind
from crm.quality.operations.place_hold import place_hold
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.pallets import who
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal
COMPOSITION = ("17.00", "13.00", "67.00")


def order_of(mass: str) -> MincedOrder:
    batch = batch_in_stock("carcass", kg(2000), COMPOSITION, "chilled")
    order = new_order([line(mass, batch)], 2, recipe=12, line_mode="line_1")
    fire(order, "plan")
    return order


def states(order: MincedOrder) -> list[str]:
    return list(order.mixes.order_by("index").values_list("state", flat=True))


def taken_off(talker: Talker, mix: Mix, what: str) -> None:
    phone = talker.say("technologist", "/start", "[Станции]", "[Снять замес с линии]")
    (title,) = [one.title for one in phone.screen.buttons if one.title.startswith(str(mix))]
    phone = talker.say("technologist", f"[{title}]", f"[{what}]", "Сырьё забраковано")
    assert phone.sees("…Причина: Сырьё забраковано…"), phone.described()
    talker.say("technologist", "[Снять с линии]")


@pytest.mark.parametrize(
    ("what", "state"), [("Выдать заново", "queued"), ("Отменить замес", "cancelled")]
)
def test_a_mix_that_cannot_go_on_leaves_its_station_to_the_next_order(
    talker: Talker, what: str, state: str
) -> None:
    held, other = order_of("900"), order_of("600")
    assert (states(held), states(other)) == (["unpacking", "queued"], ["queued", "queued"])
    item = held.items.select_related("lot__raw_batch").get()
    place_hold(
        who("quality_manager"), lot=item.lot, kind=HoldKind.MANUAL, reason="кость",
        at=talker.clock.now(),
    )  # fmt: skip
    talker.deliver()
    mix = held.mixes.get(index=1)
    assert states(held)[0] == "unpacking"
    taken_off(talker, mix, what)
    assert states(held) == [state, "queued"]
    assert states(other)[0] == "unpacking"
    places = Place.objects.filter(record="mix").values_list("record_id", flat=True)
    assert set(places) == {str(other.mixes.get(index=1).pk)}
