"""A pallet of вторфарш weighs what the books have of its lots, also when it is weighed anew
(domain 7.2, 11.4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.ledger.models import Balance
from crm.ledger.stock import physical
from crm.ledger.verify import verify
from crm.production.card import whole
from crm.production.daily import weighed_anew
from crm.production.day import span_of
from crm.production.models import Pallet, SecondMinced
from crm.production.operations.accept_from_remainder import accept_from_remainder
from crm.production.operations.edit_pallet import edit_pallet
from crm.production.operations.write_off_mix import write_off_mix
from crm.production.recall import recall
from crm.production.shippable import why_not
from engine.errors import Refused
from tests.crm.production.orders import fire, line, planned, rework
from tests.crm.production.pallets import by_hand, kg, now, shipped, weigh, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def pallet(clock: object) -> Pallet:
    """A pallet of two lots, 200 and 100 kg."""
    for number, net in enumerate(("200", "100"), 1):
        rework(net, number)
    made = by_hand(accept_from_remainder, "rework")
    fire(made, "accept", who="storekeeper")
    return Pallet.objects.get(pk=made.pk)


def edit(pallet: Pallet, gross: str) -> Pallet:
    """Weigh a pallet anew in the office; its tare is 40.5 kg."""
    edit_pallet(
        who("production_office"), pallet=pallet, gross=kg(gross), pallet_weight=kg("22"),
        packaging_weight=kg("18.5"), reason="весы ошиблись", at=now(),
    )  # fmt: skip
    return Pallet.objects.get(pk=pallet.pk)


def stock() -> list[Decimal]:
    return [physical(one.lot_id) for one in SecondMinced.objects.order_by("pk")]


def books_are_true() -> bool:
    """The lots of `rework` come from nowhere: that is all there is to find."""
    return {found.title for found in verify() if found.count} <= {"Лоты без происхождения"}


@pytest.mark.parametrize(("gross", "lots"), [("370.5", ["220", "110"]), ("325.5", ["190", "95"])])
def test_other_weights_of_a_pallet_of_rework_are_posted_under_its_lots(
    pallet: Pallet, gross: str, lots: list[str]
) -> None:
    pallet = edit(pallet, gross)
    assert stock() == [kg(one) for one in lots]
    assert (pallet.net, [one.kg for one in pallet.items.all()]) == (sum(stock()), stock())
    assert weighed_anew(span_of(now())) == sum(stock()) - 300
    assert why_not(pallet) is None
    shipped(pallet)
    assert sum(row.physical for row in Balance.objects.filter(account="customer")) == pallet.net
    assert books_are_true()


def test_a_pallet_of_rework_that_is_weighed_anew_by_the_storekeeper_changes_the_books(
    pallet: Pallet,
) -> None:
    fire(pallet, "reopen", "весы ошиблись", who="production_office")
    pallet.refresh_from_db()
    weigh(pallet, "325.5")
    fire(pallet, "accept", who="storekeeper")
    assert stock() == [kg(190), kg(95)]
    assert books_are_true()


def test_what_production_took_of_a_pallet_is_not_taken_twice_and_the_rest_can_be_shipped(
    pallet: Pallet,
) -> None:
    mix = planned([line("60")], 1, recipe=17).mixes.get()
    write_off_mix(None, at=now(), mix=mix)
    assert stock() == [kg(140), kg(100)]
    assert recall(pallet.lot_id).suspect.unexplained == 0
    assert "взят в производство" in str(why_not(pallet))
    pallet = edit(pallet, "280.5")  # it is weighed again: 240 kg are left on it
    assert stock() == [kg(140), kg(100)]
    assert why_not(pallet) is None
    shipped(pallet)
    assert stock() == [kg(0), kg(0)]
    assert books_are_true()


def test_a_pallet_whose_rework_is_used_up_is_not_weighed(pallet: Pallet) -> None:
    mix = planned([line("300")], 1, recipe=17).mixes.get()
    write_off_mix(None, at=now(), mix=mix)
    lots = [one.lot for one in SecondMinced.objects.order_by("pk")]
    assert [whole(lot) for lot in lots] == [kg(200), kg(100)]  # what they were, not what is left
    with pytest.raises(Refused, match="Вторфарш паллета 77 весь взят в производство"):
        edit(pallet, "280.5")


def test_no_less_of_rework_is_left_than_an_order_keeps(pallet: Pallet) -> None:
    planned([line("250")], 1, recipe=17)
    with pytest.raises(Refused, match="Осталось"):
        edit(pallet, "240.5")
    assert stock() == [kg(200), kg(100)]
