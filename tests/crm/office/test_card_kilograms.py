"""Cards tell the kilograms that stand in the books: what each says of stock, of reservations and of
movements is computed again from the postings, by SQL and whole grams, without the code of the
plant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client

from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.ledger.operations.adjust import adjust
from crm.ledger.operations.sample import sample
from crm.ledger.operations.scrap import scrap
from crm.plant.talker import Talker
from crm.production.models import (
    Blank,
    FreezerLoad,
    Mix,
    Pallet,
    RawBatch,
    SecondMinced,
    Shipment,
)
from crm.production.operations.accept_from_remainder import accept_from_remainder
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.edit_pallet import edit_pallet
from crm.production.operations.undo_discharge import undo_discharge
from tests.crm.production.orders import line, planned, rework
from tests.crm.production.pallets import by_hand, kg, mix_out, now, out, shipped, stocked, who
from tests.crm.production.stock import batch_in_stock
from tests.crm.production.test_blanks import plan, weigh
from tests.crm.production.test_freezers import loaded, mixes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
REAL = ("raw_store", "blank_store", "rework_store", "mko_store", "fg_store")
LEDGER = "Проводки"


@pytest.fixture
def worked(talker: Talker) -> None:
    """A plant in which something was done to every kind of lot: used, reserved, frozen, thawed,
    corrected, shipped, taken back, thrown away."""
    first = batch_in_stock("carcass", kg("2000.001"))
    batch_in_stock("slch", kg(500), ("22.00", "12.00", "63.00"))
    plan(talker)
    weigh(talker, "1100,5", "450,25")
    correct(first)
    chilled = batch_in_stock("neck", kg(3000), condition="chilled")
    order = planned([line("1200.5", chilled)], 3, recipe=12)
    done = out(order.mixes.get(index=1))
    undo_discharge(who("technologist"), at=now(), mix=done, reason="не тот замес")
    Mix.objects.filter(pk=done.pk).update(state="ready_to_discharge")
    out(order.mixes.get(index=2))
    loaded(mixes(1)[0], 3)
    rework("200")
    rework("100", 2)
    second = by_hand(accept_from_remainder, "rework")
    accept_pallet(who(), at=now(), pallet=second)
    Pallet.objects.filter(pk=second.pk).update(state="in_stock")
    left, kept, back, corrected = (stocked(number) for number in range(1, 5))
    edit_pallet(
        who("production_office"), pallet=corrected, gross=kg("955.25"), pallet_weight=kg(22),
        packaging_weight=kg("18.5"), reason="ошибка весов", at=now(),
    )  # fmt: skip
    shipped(left, back)
    shipping, clerk = Shipping(program()), who("shipping_clerk")
    shipping.take_back(clerk, pallet=Pallet.objects.get(pk=back.pk), reason="возврат", at=now())
    customer = Customer.objects.earliest("id")
    shipping.draft(clerk, customer=customer, pallets=[kept], at=now())
    mix_out("777.777")


def correct(batch: RawBatch) -> None:
    """Take a sample of a batch, throw a part of it away and count the rest."""
    by, lot = who("technologist"), batch.lot
    sample(by, lot=lot, kg=kg("0.5"), session=uuid4(), at=now())
    scrap(by, lot=lot, kg=kg("17.25"), reason="упало на пол", session=uuid4(), at=now())
    adjust(by, lot=lot, counted=kg("880.123"), reason="пересчёт", session=uuid4(), at=now())


def asked(query: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())


def posted(where: str, *given: object) -> int:
    """Return the grams of some lines of the books."""
    query = (
        "SELECT COALESCE(SUM(p.grams), 0) FROM ledger_posting p "
        f"JOIN ledger_event e ON e.id = p.event_id WHERE {where}"
    )
    return int(asked(query, *given)[0][0])


def in_store(lot: int) -> int:
    return posted(f"p.lot_id = %s AND p.account IN {REAL}", lot)


def reserved(lot: int) -> int:
    query = "SELECT COALESCE(SUM(grams), 0) FROM ledger_reservation WHERE lot_id = %s"
    return int(asked(query, lot)[0][0])


def of_batch(batch: RawBatch) -> dict[str, int]:
    lot = batch.lot_id
    return {
        "Принято": posted("p.lot_id = %s AND e.kind = 'receipt' AND p.account = 'raw_store'", lot),
        "Остаток": in_store(lot),
        "В резерве": reserved(lot),
        "Доступно": in_store(lot) - reserved(lot),
    }


def of_blank(blank: Blank) -> dict[str, int]:
    lot = blank.lot_id
    weighed = "p.lot_id = %s AND e.kind = 'weigh_blank' AND p.account = 'blank_store'"
    return {"Факт": posted(weighed, lot), "Доступно": in_store(lot) - reserved(lot)}


def of_second(second: SecondMinced) -> dict[str, int]:
    lot = second.lot_id
    came = "p.lot_id = %s AND e.kind IN ('register', 'register_second_minced') AND p.grams > 0"
    return {"Нетто": posted(came, lot), "Доступно": in_store(lot) - reserved(lot)}


def of_pallet(pallet: Pallet) -> dict[str, int]:
    """What stands on it belongs to its own lot, of вторфарш to the lots of that."""
    lots = [lot for (lot,) in asked(REWORK, pallet.pk)] or [pallet.lot_id]
    sold = sum(posted("p.lot_id = %s AND p.account = 'customer'", lot) for lot in lots)
    there = sum(map(in_store, lots))
    return {"Нетто": there + sold, "На складе": there}


REWORK = (
    "SELECT s.lot_id FROM production_palletitem i JOIN production_secondminced s "
    "ON s.lot_id = i.lot_id WHERE i.pallet_id = %s AND s.kind = 'rework'"
)


def of_mix(mix: Mix) -> dict[str, int]:
    kinds = "e.kind IN ('discharge', 'reverse_discharge')"
    return {"Списано": posted(f"p.mix_id = %s AND p.account = 'process' AND {kinds}", mix.pk)}


def of_shipment(shipment: Shipment) -> dict[str, int]:
    """What is in it: at the customer's, or still in the store."""
    query = (
        "SELECT b.lot_id FROM production_shipmentpallet l "
        "JOIN production_pallet b ON b.id = l.pallet_id "
        "WHERE l.shipment_id = %s AND l.removed_at IS NULL"
    )
    places = (*REAL, "customer")
    lots = [lot for (lot,) in asked(query, shipment.pk)]
    return {"Нетто": sum(posted(f"p.lot_id = %s AND p.account IN {places}", lot) for lot in lots)}


def nothing(_record: Model) -> dict[str, int]:
    """Its card says kilograms only in its ledger."""
    return {}


KINDS: Mapping[type[Model], Any] = {
    RawBatch: of_batch,
    Blank: of_blank,
    SecondMinced: of_second,
    Pallet: of_pallet,
    Mix: of_mix,
    Shipment: of_shipment,
    FreezerLoad: nothing,
}


def shown(client: Client, record: Any) -> Any:
    """Return what the card of a record says, as the page has it."""
    meta = record._meta
    address = f"/admin/{meta.app_label}/{meta.model_name}/{record.pk}/change/"
    return client.get(address).context["card"]


def grams(text: str) -> int:
    """Return kilograms as people read them in grams.

    >>> grams("1\N{NARROW NO-BREAK SPACE}200,500")
    1200500
    """
    whole, _, part = text.replace("\N{NARROW NO-BREAK SPACE}", "").partition(",")
    assert len(part) == 3, text
    return int(whole + part)


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_says_what_the_books_say(office: Client, worked: None, kind: type[Model]) -> None:
    records = list(kind._default_manager.order_by("pk"))
    assert records
    for record in records:
        card, expected = shown(office, record), KINDS[kind](record)
        said = {one.label: one.value for one in card.figures if one.label in expected}
        told = {label: 0 if text == "—" else grams(text) for label, text in said.items()}
        assert told == expected, record
        assert lines(card) == books(record), record


def lines(card: Any) -> list[tuple[str, int]]:
    """Return the lines of a card's ledger: the account as it is called, and grams."""
    (table,) = (one for one in (*card.main, *card.side) if one.title == LEDGER)
    return [(row[-3].text, grams(row[-2].text.replace("−", "-"))) for row in table.rows]


def books(record: Any) -> list[tuple[str, int]]:
    """Return the lines of the books about a record, as they were written."""
    if isinstance(record, Shipment):
        of = (
            "p.account = 'customer' AND p.lot_id IN (SELECT b.lot_id FROM production_pallet b "
            "JOIN production_shipmentpallet l ON l.pallet_id = b.id WHERE l.shipment_id = %s)"
        )
        given = [record.pk]
    elif isinstance(record, Mix):
        of, given = "(p.lot_id = %s OR p.mix_id = %s)", [record.lot_id, record.pk]
    else:
        loaded = isinstance(record, FreezerLoad)
        what: Any = (record.mix or record.pallet) if loaded else record
        of, given = "p.lot_id = %s", [what.lot_id]
    query = (
        "SELECT p.account, p.grams FROM ledger_posting p "
        f"JOIN ledger_event e ON e.id = p.event_id WHERE {of} ORDER BY e.occurred_at, p.id"
    )
    return [(CALLED[account], mass) for account, mass in asked(query, *given)]


CALLED = {
    "raw_store": "Склад сырья",
    "blank_store": "Склад заготовок",
    "rework_store": "Склад вторфарша",
    "mko_store": "Склад МКО",
    "fg_store": "Склад ГП",
    "supplier": "Поставщик",
    "customer": "Покупатель",
    "process": "В производстве",
    "loss_drip": "Потери при дефростации",
    "loss_freezing": "Потери при заморозке",
    "scrap": "Брак",
    "sample": "Пробы",
    "adjust": "Корректировка",
}
