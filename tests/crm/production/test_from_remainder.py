"""What a pallet of registered lots leaves of them stays on the rest, and is given once (domain
4.37)."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from crm.ledger.models import Balance
from crm.ledger.stock import physical
from crm.ledger.verify import verify
from crm.production.by_hand import registered
from crm.production.models import Pallet, SecondMinced
from crm.production.operations.accept_from_remainder import accept_from_remainder
from crm.production.operations.register_second_minced import register_second_minced
from crm.production.operations.release_order import release_order
from crm.production.shippable import why_not
from engine.errors import Refused
from tests.crm.production.orders import fire, line, planned, rework
from tests.crm.production.pallets import by_hand, kg, mix_out, now, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def on_the_rest(net: str, kind: str = "rework") -> SecondMinced:
    """Register a lot that came off a cart."""
    second = register_second_minced(
        who("technologist"), session=uuid4(), at=now(), kind=SecondMinced.Kind(kind),
        net=kg(net), produced_on=now().date(), key=f"cart {net}",
    )  # fmt: skip
    SecondMinced.objects.filter(pk=second.pk).update(state="registered")
    return SecondMinced.objects.get(pk=second.pk)


def accepted(goods: str, number: int) -> Pallet:
    """Accept a pallet of 300 kg from what is registered."""
    pallet = by_hand(accept_from_remainder, goods, number)
    fire(pallet, "accept", who="storekeeper")
    pallet.refresh_from_db()
    return pallet


def left(goods: str) -> Decimal:
    return sum((free for _, free in registered(goods)), Decimal(0))


def books_are_true() -> bool:
    return not [found for found in verify() if found.count]


@pytest.mark.parametrize(("kind", "goods"), [("mko1", "mko"), ("rework", "rework")])
def test_a_lot_is_put_on_pallets_part_by_part_and_no_kilogram_twice(kind: str, goods: str) -> None:
    mix_out()
    lot = on_the_rest("700", kind)
    pallets = [accepted(goods, number) for number in (77, 78)]
    lot.refresh_from_db()
    assert (lot.state, left(goods)) == ("registered", kg(100))
    with pytest.raises(Refused, match="На остатке 100,000 кг"):
        by_hand(accept_from_remainder, goods, 79)
    assert [item.kg for one in pallets for item in one.items.all()] == [kg(300), kg(300)]
    assert [why_not(one) for one in pallets] == [None, None]
    assert books_are_true()


def test_a_lot_that_is_wholly_on_a_pallet_is_not_on_the_rest() -> None:
    mix_out()
    first, second = on_the_rest("200"), on_the_rest("400")
    accepted("rework", 77)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, left("rework")) == ("on_pallet", "registered", kg(300))
    assert Balance.objects.get(lot=second.lot, account="rework_store").physical == kg(400)


@pytest.mark.parametrize(
    ("name", "who_may"), [("scrap", "technologist"), ("cancel", "production_office")]
)
def test_a_lot_that_lies_on_a_pallet_in_part_is_neither_scrapped_nor_cancelled(
    name: str, who_may: str
) -> None:
    mix_out()
    lot = on_the_rest("700")
    accepted("rework", 77)
    with pytest.raises(Refused, match=r"часть лежит на паллетах \(77\)"):
        fire(lot, name, "закисла", who=who_may)
    lot.refresh_from_db()
    assert (lot.state, physical(lot.lot_id)) == ("registered", kg(700))


def test_a_lot_that_an_order_keeps_is_not_scrapped_until_it_is_given_back() -> None:
    lot = rework("400")
    order = planned([line("100")], 1, recipe=17)
    with pytest.raises(Refused, match="100,000 кг в резерве"):
        fire(lot, "scrap", "закисла")
    release_order(None, order=order)
    fire(lot, "scrap", "закисла")
    lot.refresh_from_db()
    assert (lot.state, physical(lot.lot_id)) == ("scrapped", kg(0))
    assert Balance.objects.get(lot=lot.lot, account="scrap").physical == kg(400)
