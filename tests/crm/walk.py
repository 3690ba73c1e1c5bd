"""The walk of a delivery to a pallet in the store and to the customer, by talking alone, a person a
role: one script for every door to the plant. Start at `walk_the_plant`.

A door is somebody's hands: `crm.plant.talker.Talker` in this process, or phones over HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Protocol

from django.utils import timezone

from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.ledger.models import Balance
from crm.ledger.trace import Way, lots_of
from crm.people.models import Person
from crm.production.models import MincedOrder, Mix, Pallet, RawBatch

kg = Decimal
GOOD = "Соответствует"


class Door(Protocol):
    """Hands on the phones of the plant, and its time."""

    def say(self, who: str, *things: str) -> object:
        """Let somebody say things one after another, written as in .talk files."""
        ...

    def after(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass; what rings meanwhile rings at its moment."""
        ...

    def now(self) -> datetime:
        """Return what the clock of the plant shows."""
        ...


def receive(door: Door) -> None:
    """Take a chilled delivery of 2 000 kg каркас."""
    say = door.say
    say("receiver", "/start", "[Новая партия]", "[ООО «Учебная компания 1»]", "[Каркас]")
    say("receiver", "[Каркас ЦБ]", "[Охлаждённое]", "{photo}", "{photo}", "2,5", "20.11.2026")
    say("receiver", "ТТН-1", "{photo}", "[Подтвердить]", "{photo}", "[Подтвердить]")
    say("receiver", "[Пропустить]", "[Пропустить]")
    door.after(seconds=30)
    say("receiver", "[Дальше]", "[Птицефабрика «Примерная»]", "[Пропустить]", "[Каркас]")
    say("receiver", "2000", "{photo}", "3", "[Пропустить]", "4", "[Сохранить]")


def analyse(door: Door) -> None:
    """Analyse it: it fits recipe 2."""
    say = door.say
    say("lab", "[Начать анализ]", "[Лапина О. В.]", "20.11.2026", "[С-1]", "[700]")
    say("lab", "15", "13,5", "68", f"[{GOOD}]", f"[{GOOD}]", f"[{GOOD}]", "[Светлый]", f"[{GOOD}]")
    say("lab", *["[Отрицательное]"] * 4, "{photo}", "[Продолжить]", "[Сохранить]")
    say("lab", "[Подтвердить]", "[Сохранить]")


def plan(door: Door) -> None:
    """Plan one mix of 1 000 kg by recipe 2 on line 1."""
    say = door.say
    say("technologist", "/start", "[Новый фарш]", "[Добавить сырьё]", "[Каркас]", "[2211/3…]")
    say("technologist", "1000", "[Подтвердить]", "1", "[Люкс]", "[Линия 1]")
    say("technologist", "[Текущая смена]", "[Сегодня]", "[Сохранить]")


def lead(door: Door) -> None:
    """Lead the mix along the line into a plate freezer and out of it."""
    say, after = door.say, door.after
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


def palletize(door: Door) -> None:
    """Weigh the pallet and take it into the store."""
    say = door.say
    say("storekeeper", "[Начать палетирование и маркировку]", "40", "962,5", "22", "18,5")
    say("storekeeper", "{photo}", "[Продолжить]", "[Принять]")


def ship(pallet: Pallet, at: datetime) -> None:
    """Ship the pallet as two different people."""
    clerk, other = (Person.objects.holding(role).earliest("id") for role in
                    ("shipping_clerk", "production_office"))  # fmt: skip
    other.roles.get_or_create(role="shipping_clerk")
    other = Person.objects.get(pk=other.pk)
    shipping, now = Shipping(program()), timezone.localtime(at)
    customer = Customer.objects.earliest("id")
    shipment = shipping.draft(clerk, customer=customer, pallets=[pallet], at=now)
    shipping.confirm(clerk, shipment=shipment, at=now)
    shipping.ship(other, shipment=shipment, at=now)


def walk_the_plant(door: Door) -> tuple[RawBatch, Pallet]:
    """Walk from the truck to the customer, looking at the rows on the way; return both ends."""
    receive(door)
    batch = RawBatch.objects.get()
    assert (batch.number, batch.state) == ("2211/3", "received")
    analyse(door)
    batch.refresh_from_db()
    assert batch.state == "released"
    plan(door)
    order = MincedOrder.objects.get()
    assert order.state == "active"
    lead(door)
    mix = Mix.objects.get()
    assert (mix.state, mix.quality) == ("on_pallets", "passed")
    palletize(door)
    pallet = Pallet.objects.get()
    assert (pallet.state, pallet.net) == ("in_stock", kg(922))
    mix.refresh_from_db()
    order.refresh_from_db()
    assert (mix.state, order.state) == ("finished", "finished")
    ship(pallet, door.now())
    assert Balance.objects.get(lot=pallet.lot, account="customer").physical == kg(922)
    assert batch.lot_id in lots_of([pallet.lot_id], Way.BACKWARD)
    assert pallet.lot_id in lots_of([batch.lot_id], Way.FORWARD)
    return batch, pallet
