"""A raw batch to its end: used up, or rejected out of every plan and off the store (domain 5.1)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from crm.bridge.records import row_of
from crm.ledger.models import Balance, Reservation
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.production.models import Blank, RawBatch, Waiting
from crm.quality.models import Hold
from crm.quality.operations.place_hold import place_hold
from crm.quality.operations.release_hold import release_hold
from crm.quality.usable import Use, blocking
from engine.errors import Refused
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
    assert not Hold.objects.filter(released_at__isnull=True).exists()
    told = f"Снята блокировка: партия {carcass}. Анализ сырья: анализ не пройден…"
    assert talker.phone("quality_manager").sees(told), talker.phone("quality_manager").described()


def test_a_blank_whose_batch_was_rejected_waits_for_nobody_but_him_who_takes_it_off(
    talker: Talker, stock: list[RawBatch]
) -> None:
    blank, carcass = plan(talker), stock[0]
    Blank.objects.filter(pk=blank.pk).update(state="planned")
    RawBatch.objects.filter(pk=carcass.pk).update(state="rejected")
    talker.after(minutes=1)
    why = Waiting.objects.get(record="blank", record_id=str(blank.pk)).why
    assert why == f"ждёт: партия {carcass} забракована: снимите заготовку"


def test_a_batch_that_leaves_stays_held_for_the_sake_of_what_was_made_of_it(
    talker: Talker, stock: list[RawBatch]
) -> None:
    blank, carcass = plan(talker), stock[0]
    weigh(talker, "1000", "500")
    hold = held(carcass)
    fire(talker, "storekeeper", carcass, "send_back", "претензия поставщику")
    assert Balance.objects.get(lot=carcass.lot, account="raw_store").physical == 0
    assert blocking(blank.lot, Use.PLANNING) == hold
    assert not talker.phone("quality_manager").sees("Снята блокировка…")


def test_a_batch_stays_while_a_second_person_is_asked_to_release_it(
    talker: Talker, stock: list[RawBatch]
) -> None:
    carcass = stock[0]
    asks = Person.objects.holding("technologist").first()
    release_hold(asks, hold=held(carcass), reason="проба перепутана", at=talker.clock.now())
    with pytest.raises(Refused, match="ждёт второго человека"), transaction.atomic():
        fire(talker, "storekeeper", carcass, "dispose", "претензия поставщику")
    assert RawBatch.objects.get(pk=carcass.pk).state == "rejected"


def held(batch: RawBatch) -> Hold:
    """Hold a batch for an antibiotic and reject it."""
    RawBatch.objects.filter(pk=batch.pk).update(state="rejected")
    batch.refresh_from_db()
    return place_hold(
        None, lot=batch.lot, kind="antibiotic", reason="антибиотик", at=timezone.localtime()
    )
