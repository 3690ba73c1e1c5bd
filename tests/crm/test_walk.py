"""From the truck to the customer by talking alone, a person a role, and back again by the trace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.ledger.models import Balance
from crm.ledger.trace import Way, lots_of
from crm.office.seed import seed
from crm.people.models import Person
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.models import MincedOrder, Mix, Pallet, RawBatch

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)  # 07:30 at the plant
kg = Decimal
GOOD = "Соответствует"


@pytest.fixture
def talker(db: None) -> Iterator[Talker]:
    seed()
    with PlantClock(START) as clock:
        yield Talker(clock)


def receive(talker: Talker) -> None:
    """Take a chilled delivery of 2 000 kg каркас."""
    say = talker.say
    say("receiver", "/start", "[Новая партия]", "[ООО «Учебная компания 1»]", "[Каркас]")
    say("receiver", "[Каркас ЦБ]", "[Охлаждённое]", "{photo}", "{photo}", "2,5", "20.11.2026")
    say("receiver", "ТТН-1", "{photo}", "[Подтвердить]", "{photo}", "[Подтвердить]")
    say("receiver", "[Пропустить]", "[Пропустить]")
    talker.after(seconds=30)
    say("receiver", "[Дальше]", "[Птицефабрика «Примерная»]", "[Пропустить]", "[Каркас]")
    say("receiver", "2000", "{photo}", "3", "[Пропустить]", "4", "[Сохранить]")


def analyse(talker: Talker) -> None:
    """Analyse it: it fits recipe 2."""
    say = talker.say
    say("lab", "[Начать анализ]", "[Лапина О. В.]", "20.11.2026", "[С-1]", "[700]")
    say("lab", "15", "13,5", "68", f"[{GOOD}]", f"[{GOOD}]", f"[{GOOD}]", "[Светлый]", f"[{GOOD}]")
    say("lab", *["[Отрицательное]"] * 4, "{photo}", "[Подтвердить]", "[Сохранить]")
    say("lab", "[Подтвердить]", "[Сохранить]")


def plan(talker: Talker) -> None:
    """Plan one mix of 1 000 kg by recipe 2 on line 1."""
    say = talker.say
    say("technologist", "/start", "[Новый фарш]", "[Добавить сырьё]", "[Каркас]", "[2211/3…]")
    say("technologist", "1000", "[Подтвердить]", "1", "[Люкс]", "[Линия 1]")
    say("technologist", "[Текущая смена]", "[Сегодня]", "[Сохранить]")


def walk(talker: Talker) -> None:
    """Lead the mix along the line into a plate freezer and out of it."""
    say, after = talker.say, talker.after
    after(minutes=5)
    say("unpacker_line_1", "[Замес растарен]")
    after(minutes=10)
    say("press_line_1", "[Просепарировано]")
    after(minutes=15)
    say("mixer_line_1", "[Перемешивание и анализ]")
    say("lab", "[Начать анализ]", "15", "13,5", "68", "[Сохранить]")
    say("mixer_line_1", "[Загрузить в плиточник]", "[№ 1]", "[Загрузить]")
    after(minutes=151)
    say("packer", "[Выгрузить из плиточника]", "-19", "7", "[Готово]", "[Выгрузить]")


def palletize(talker: Talker) -> None:
    say = talker.say
    say("storekeeper", "[Начать палетирование и маркировку]", "40", "962,5", "22", "18,5")
    say("storekeeper", "{photo}", "[Продолжить]", "[Принять]")


def test_a_delivery_becomes_a_pallet_that_is_shipped_and_traced_back(talker: Talker) -> None:
    receive(talker)
    batch = RawBatch.objects.get()
    assert (batch.number, batch.state) == ("2211/3", "received")
    analyse(talker)
    batch.refresh_from_db()
    assert batch.state == "released"
    plan(talker)
    order = MincedOrder.objects.get()
    assert order.state == "active"
    walk(talker)
    mix = Mix.objects.get()
    assert (mix.state, mix.quality) == ("on_pallets", "passed")
    palletize(talker)
    pallet = Pallet.objects.get()
    assert (pallet.state, pallet.net) == ("in_stock", kg(922))
    mix.refresh_from_db()
    order.refresh_from_db()
    assert (mix.state, order.state) == ("finished", "finished")
    ship(pallet)
    assert Balance.objects.get(lot=pallet.lot, account="customer").physical == kg(922)
    assert batch.lot_id in lots_of([pallet.lot_id], Way.BACKWARD)
    assert pallet.lot_id in lots_of([batch.lot_id], Way.FORWARD)


def ship(pallet: Pallet) -> None:
    """Ship the pallet as two different people."""
    clerk, other = (Person.objects.holding(role).earliest("id") for role in
                    ("shipping_clerk", "production_office"))  # fmt: skip
    other.roles.get_or_create(role="shipping_clerk")
    other = Person.objects.get(pk=other.pk)
    shipping, now = Shipping(program()), timezone.localtime()
    customer = Customer.objects.earliest("id")
    shipment = shipping.draft(clerk, customer=customer, pallets=[pallet], at=now)
    shipping.confirm(clerk, shipment=shipment, at=now)
    shipping.ship(other, shipment=shipment, at=now)
