"""Rows of every kind for the office's lists: what the plant's own operations make, and around it
rows put down as they are."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.db.models import Model

from crm.catalogue.models import Customer, Freezer
from crm.ledger.models import Lot
from crm.production.models import (
    Blank,
    BlankItem,
    FreezerLoad,
    MincedOrder,
    Mix,
    Pallet,
    RawBatch,
    SecondMinced,
    Shipment,
    ShipmentPallet,
)
from crm.quality.models import Deviation, Hold, RecallDrill
from crm.work.models import Handover, HelpRequest, Task
from tests.crm.production.orders import rework
from tests.crm.production.pallets import mix_out, now, stocked, who

kg = Decimal


def furnish(count: int) -> None:
    """Make so many more of everything that a list of the office shows."""
    for _ in range(count):
        number = 1 + Pallet.objects.count()
        mix = mix_out()
        pallet = stocked(number, mix=mix)
        batch = RawBatch.objects.latest("pk")
        a_hold(a_blank(number, batch).lot)
        second = rework("100.5", number)
        a_load(number, mix)
        a_shipment(number, pallet)
        a_task(number, mix)
        a_deviation(number, second.lot)
        a_call(number)
        a_handover()
        a_drill(pallet.lot)


def a_blank(number: int, batch: RawBatch) -> Blank:
    blank = Blank.objects.create(
        state="planned", number=f"З22112026/{number}", lot=Lot.objects.create(kind="blank"),
        session=uuid4(), product_line="mko", arrival_date=now().date(),
        weight_planned=kg("1000.001"), created_at=now(), created_by=who(),
    )  # fmt: skip
    BlankItem.objects.create(blank=blank, position=1, batch=batch, kg_planned=kg("1000.001"))
    return blank


def a_load(number: int, mix: Mix) -> FreezerLoad:
    freezer = Freezer.objects.filter(kind="plate").order_by("number")[number % 2]
    return FreezerLoad.objects.create(
        state="unloaded", freezer=freezer, slot=1, mix=mix, loaded_at=now(), due_at=now(),
        unloaded_at=now() + timedelta(minutes=7), core_temp_out=kg("-18.5"), created_at=now(),
    )  # fmt: skip


def a_shipment(number: int, pallet: Pallet) -> Shipment:
    shipment = Shipment.objects.create(
        number=f"О-{number}", customer=Customer.objects.earliest("id"), session=uuid4(),
        expires_at=now(), created_at=now(),
    )  # fmt: skip
    ShipmentPallet.objects.create(shipment=shipment, pallet=pallet)
    return shipment


def a_task(number: int, mix: Mix) -> Task:
    return Task.objects.create(
        kind=f"look_{number}", title="Посмотреть", subject="mix", subject_id=str(mix.pk),
        role="technologist", created_at=now(), breach_at=now(),
    )  # fmt: skip


def a_deviation(number: int, lot: Lot) -> Deviation:
    return Deviation.objects.create(
        id=uuid4(), number=f"Д-{number}", kind="body_temp", session=uuid4(), flow="raw_intake",
        step="body_temp", chat_id=1, asked_by=who(), asked_at=now(), label="температура",
        value_text="−5,5 °C", value=kg("-5.5"), limit="receiving_temperature", limit_version=1,
        lot=lot,
    )  # fmt: skip


def a_hold(lot: Lot) -> Hold:
    return Hold.objects.create(
        lot=lot, kind="manual", reason="проверка", placed_by=who(), placed_at=now()
    )


def a_call(number: int) -> HelpRequest:
    return HelpRequest.objects.create(
        state="going", author=who(), topic="breakdown", text=f"стоит пресс {number}",
        going_by=who("technologist"), answer="идём", session=uuid4(), created_at=now(),
    )  # fmt: skip


def a_handover() -> Handover:
    return Handover.objects.create(
        state="accepted", given_by=who("technologist"), taken_by=who(), taken_at=now(),
        digest="Сделано: 100 кг\nОткрытых решений: 2", note="всё чисто", session=uuid4(),
        created_at=now(),
    )  # fmt: skip


def a_drill(lot: Lot) -> RecallDrill:
    return RecallDrill.objects.create(
        state="closed", lot=lot, result="Затронуто паллетов: 3\nУчтено 100,00 %",
        clock={"identified": 0.25}, started_by=who(), started_at=now(), conclusion="успели",
        concluded_by=who(), concluded_at=now(), signed_by=who("technologist"), signed_at=now(),
        session=uuid4(),
    )  # fmt: skip


LISTS: dict[str, type[Model]] = {
    "production/rawbatch": RawBatch,
    "production/blank": Blank,
    "production/mincedorder": MincedOrder,
    "production/mix": Mix,
    "production/secondminced": SecondMinced,
    "production/pallet": Pallet,
    "production/freezerload": FreezerLoad,
    "catalogue/freezer": Freezer,
    "production/shipment": Shipment,
    "quality/deviation": Deviation,
    "quality/hold": Hold,
    "quality/recalldrill": RecallDrill,
    "work/task": Task,
    "work/helprequest": HelpRequest,
    "work/handover": Handover,
}
