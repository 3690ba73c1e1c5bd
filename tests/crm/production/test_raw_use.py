"""A raw batch to its end: used up, or rejected out of every plan and off the store (domain 5.1)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.bridge.records import row_of
from crm.ledger.models import Balance, Reservation
from crm.plant.talker import Talker
from crm.production.models import Blank, RawBatch, Waiting
from engine.ports import Context
from tests.crm.production.test_blanks import plan, stock, talker, weigh
from tests.crm.quality.test_raw_laboratory import analyse, answers

__all__ = ["stock", "talker"]
pytestmark = pytest.mark.django_db
kg = Decimal


def fire(talker: Talker, role: str, batch: RawBatch, transition: str, reason: str = "") -> None:
    """Let somebody do a transition as the office would."""
    actor = talker.ports.people.actor(talker.chat(role))
    assert actor is not None
    context = Context(actor, "", talker.clock.now())
    talker.ports.operations.fire(row_of(batch), transition, context, reason)
    talker.deliver()


def test_a_batch_of_which_nothing_is_left_is_used_up_and_one_with_something_is_not(
    talker: Talker, stock: list[RawBatch]
) -> None:
    plan(talker)
    weigh(talker, "1000", "500")
    states = dict(RawBatch.objects.values_list("raw_material__code", "state"))
    assert states == {"carcass": "released", "slch": "depleted", "neck": "released"}


@pytest.mark.parametrize(
    ("transition", "account", "state"),
    [("send_back", "supplier", "returned"), ("dispose", "scrap", "disposed")],
)
def test_a_rejected_batch_leaves_every_plan_and_then_the_store(
    talker: Talker, stock: list[RawBatch], transition: str, account: str, state: str
) -> None:
    blank, carcass = plan(talker), stock[0]
    fire(talker, "technologist", carcass, "request_retest", "сомнение в пробе")
    analyse(talker, *answers(smell="Не соответствует"))
    carcass.refresh_from_db()
    assert carcass.state == "quarantine"
    talker.say("technologist", "[Забраковать]", "запах по всей партии")
    told = f"Партия 2211/3 забракована: запах по всей партии. Теряют сырьё: заготовка {blank}, "
    assert talker.phone("technologist").sees(f"{told}1 000,000 кг")
    assert not Reservation.objects.filter(lot=carcass.lot, kg__gt=0).exists()
    before = Balance.objects.filter(lot=carcass.lot, account=account).first()
    fire(talker, "storekeeper", carcass, transition, "претензия поставщику")
    left = {row.account: row.physical for row in Balance.objects.filter(lot=carcass.lot)}
    was = before.physical if before else kg(0)
    assert (left["raw_store"], left[account] - was) == (kg(0), kg(2000))
    carcass.refresh_from_db()
    assert carcass.state == state


def test_a_blank_whose_batch_was_rejected_waits_for_nobody_but_him_who_takes_it_off(
    talker: Talker, stock: list[RawBatch]
) -> None:
    blank, carcass = plan(talker), stock[0]
    Blank.objects.filter(pk=blank.pk).update(state="planned")
    RawBatch.objects.filter(pk=carcass.pk).update(state="rejected")
    talker.after(minutes=1)
    why = Waiting.objects.get(record="blank", record_id=str(blank.pk)).why
    assert why == f"ждёт: партия {carcass} забракована: снимите заготовку"
