"""A pallet that never came into the store is scrapped or made into вторфарш, held or not, weighed
or not (domain 5.7)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.ledger.models import Balance, Event
from crm.plant.talker import Talker
from crm.production.models import Pallet, SecondMinced
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.operations.scrap_pallet import scrap_pallet
from crm.quality.operations.place_hold import place_hold
from crm.quality.operations.release_hold import release_hold
from engine.errors import Refused
from tests.crm.production.orders import fire
from tests.crm.production.pallets import kg, mix_out, now, weigh, who

pytestmark = pytest.mark.django_db
WHY = "упал с погрузчика"


def unloaded(net_expected: str | None = "900") -> Pallet:
    """Return a pallet of a mix that waits to be weighed."""
    pallet = pallet_of_mix(who(), mix_out(), 7, now())
    expected = None if net_expected is None else kg(net_expected)
    Pallet.objects.filter(pk=pallet.pk).update(
        state="unloaded", unloaded_at=now(), net_expected=expected
    )
    return Pallet.objects.get(pk=pallet.pk)


def stock(account: str) -> Decimal:
    rows = Balance.objects.filter(account=account).values_list("physical", flat=True)
    return sum(rows, Decimal(0))


@pytest.mark.parametrize("kind", ["foreign_body", "recall", "ccp", "manual", "fhp"])
def test_a_held_pallet_that_nobody_weighed_is_scrapped_by_two(talker: Talker, kind: str) -> None:
    pallet = unloaded()
    place_hold(who(), lot=pallet.lot, kind=kind, reason="скол стекла", at=now())
    fire(pallet, "scrap", WHY)
    assert stock("scrap") == 0
    talker.deliver()
    talker.say("storekeeper", "[✅ Подтвердить]")
    pallet.refresh_from_db()
    assert (pallet.state, pallet.net, pallet.unweighed) == ("scrapped", kg(900), True)
    assert (stock("scrap"), stock("fg_store"), stock("process")) == (kg(900), kg(0), kg(100))


def test_a_weighed_pallet_is_scrapped_by_its_net(talker: Talker) -> None:
    pallet = unloaded()
    weigh(pallet)
    pallet.refresh_from_db()
    scrap_pallet(who(), at=now(), pallet=pallet, reason=WHY)
    pallet.refresh_from_db()
    assert (stock("scrap"), pallet.unweighed) == (kg(922), False)


def test_what_nobody_knows_the_weight_of_is_refused(talker: Talker) -> None:
    with pytest.raises(Refused, match="не взвешен"):
        scrap_pallet(who(), at=now(), pallet=unloaded(None), reason=WHY)
    assert not Event.objects.filter(kind="accept_pallet").exists()


def test_a_pallet_that_nobody_weighed_becomes_rework_but_not_a_held_one(talker: Talker) -> None:
    pallet = unloaded()
    hold = place_hold(who(), lot=pallet.lot, kind="manual", reason="скол стекла", at=now())
    fire(pallet, "convert", WHY)
    talker.deliver()
    phone = talker.say("storekeeper", "[✅ Подтвердить]")
    assert phone.sees("…скол стекла…"), phone.described()
    release_hold(None, hold=hold, reason="осколок найден", at=now(), decided=True)
    talker.say("storekeeper", "[✅ Подтвердить]")
    pallet.refresh_from_db()
    assert (pallet.state, SecondMinced.objects.get().net) == ("converted", kg(900))
    assert (stock("rework_store"), stock("process")) == (kg(900), kg(100))
