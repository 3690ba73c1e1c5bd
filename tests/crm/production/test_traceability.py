"""The workbook of traceability (domain 10.7): kilograms of each raw batch in each mix of an order,
its pallets and to whom they left; computed here again from uses and postings by plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.bridge.reports import book, workbook
from crm.catalogue.models import Customer
from crm.ledger.models import Posting
from crm.plant.talker import Talker
from crm.production.models import Blank, MincedOrder, Pallet, Shipment, ShipmentPallet
from engine.model.values import Row
from tests.crm.production.orders import line, planned, rework
from tests.crm.production.pallets import now, out, shipped, stocked
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal
HEADS = 6  # rows of the header


def sheet(**params: Row) -> Any:
    made = book(program(), program().reports["traceability"], params, "Орлова М. С.")
    return load_workbook(BytesIO(workbook(program(), made))).active


def rows(**params: Row) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet(**params).iter_rows()]


def blank_of(talker: Talker, *parts: tuple[str, str, str]) -> Blank:
    """Weigh a blank as planned, by talking."""
    say, (first, *more) = talker.say, parts
    say("technologist", "/start", "[Новая заготовка]", *first)
    for part in more:
        say("technologist", "[Добавить сырьё]", *part)
    say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    say("storekeeper", "[Ввести фактический вес сырья]", *["[Как в плане]"] * len(parts))
    say("storekeeper", "[Сохранить]")
    Blank.objects.update(state="ready")
    return Blank.objects.get()


def an_order(talker: Talker) -> MincedOrder:
    """Two mixes of a batch and of a blank of two others, each on a pallet."""
    chilled = batch_in_stock("carcass", kg(1000), condition="chilled")
    batch_in_stock("carcass", kg(1000))
    batch_in_stock("neck", kg(500))
    parts = (("[Каркас]", "[2211/4…]", "1000"), ("[Шея]", "[2211/5…]", "[Все]"))
    blank = blank_of(talker, *parts)
    order = planned([line("999.999", chilled), line("200", blank)], 2)
    for number, mix in enumerate(order.mixes.order_by("index"), 7):
        stocked(number, "620", out(mix))
    return order


def test_every_cell_is_the_kilograms_of_that_batch_in_that_mix(talker: Talker) -> None:
    order = an_order(talker)
    wanted: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for mix in order.mixes.all():
        for use in mix.uses.all():
            if use.batch:
                wanted[use.batch.full_number, mix.index] += use.kg
                continue
            assert use.blank is not None
            items = list(use.blank.items.all())
            whole = sum((item.kg_actual for item in items if item.kg_actual), kg(0))
            left = use.kg
            for item in items[:-1]:
                assert item.kg_actual is not None
                part = (use.kg * item.kg_actual / whole).quantize(kg("0.001"), "ROUND_DOWN")
                wanted[item.batch.full_number, mix.index] += part
                left -= part
            wanted[items[-1].batch.full_number, mix.index] += left
    found = rows(order=row_of(order))
    lines = found[HEADS : HEADS + 3]
    shown = {(row[0], index): Decimal(str(row[6 + index])) for row in lines for index in (1, 2)}
    assert shown == wanted
    totals = found[HEADS + 3]
    assert totals[7:10] == ["=SUM(H7:H9)", "=SUM(I7:I9)", "=SUM(J7:J9)"]
    assert [row[9] for row in lines] == [f"=SUM(H{at}:I{at})" for at in (7, 8, 9)]
    for mix in order.mixes.all():
        booked = Posting.objects.filter(event__kind="discharge", mix=mix, account="process")
        took = sum((one.kg for one in booked), kg(0))
        assert sum(value for (_, index), value in shown.items() if index == mix.index) == took


def test_the_header_of_a_mix_names_order_recipe_mix_and_pallet(talker: Talker) -> None:
    order = an_order(talker)
    found = sheet(order=row_of(order))
    column = [found.cell(row, 8).value for row in range(1, HEADS + 1)]
    assert column == [
        f"Рецепт № {order.number}", None, order.recipe.name, "№ замеса", "1", "Паллет 7",
    ]  # fmt: skip
    merged = {str(one) for one in found.merged_cells.ranges}
    assert {"A1:A6", "G1:G6", "H1:H2", "I1:I2"} <= merged
    below = found[found.print_title_rows.replace("$", "").partition(":")[0]]
    assert below[0].value == "ID паллеты ГП"  # nothing follows that it would be untrue of
    assert found["H1"].fill.start_color.rgb.endswith("C5D0E6")
    assert (found["H6"].fill.start_color.rgb[2:], found["H6"].alignment.textRotation) == (
        "5BC57B", 90,
    )  # fmt: skip


def test_the_pallets_tell_whom_they_went_to(talker: Talker) -> None:
    order = an_order(talker)
    first, second = Pallet.objects.order_by("number")
    shipment = shipped(first)
    found = rows(order=row_of(order))
    (title,) = (row for row in found if row[0] == f"Партия № {order.number}")
    at = found.index(title)
    assert [row[:5] for row in found[at + 2 : at + 4]] == [
        [f"{order.recipe}/1/7", shipment.customer.name, shipment.number,
         float(first.net or 0), 620],
        [f"{order.recipe}/2/8", None, None, float(second.net or 0), 620],
    ]  # fmt: skip
    assert found[at + 4][3] == f"=SUM(D{at + 3}:D{at + 4})"


def test_orders_are_found_by_what_was_shipped_and_by_their_lots(talker: Talker) -> None:
    order = an_order(talker)
    rework("300", 1)
    other = planned([line("300")], 1, recipe=17, line_mode="line_2")
    stocked(9, "340", out(other.mixes.get()))
    first = Pallet.objects.get(number=7)
    assert rows()[0][0] == "Отгруженного нет"
    shipment = shipped(first)
    titles = [order.number, other.number]

    def told(**params: Row) -> list[bool]:
        said = {row[0] for row in rows(**params)}
        return [f"Партия № {number}" in said for number in titles]

    assert told() == [True, False]
    assert told(shipment=row_of(shipment)) == [True, False]
    removed = ShipmentPallet.objects.get(shipment=shipment)
    removed.pk, removed.pallet, removed.removed_at = None, Pallet.objects.get(number=9), now()
    removed.save()  # stood in the draft once, and did not leave
    assert told(shipment=row_of(shipment)) == [True, False]
    assert told(customer=row_of(shipment.customer)) == [True, False]
    assert told(customer=row_of(Customer.objects.latest("id"))) == [False, False]
    assert told(lot=row_of(first.lot)) == [True, False]
    assert told(lot=row_of(Pallet.objects.get(number=9).lot)) == [False, True]
    Shipment.objects.update(shipped_at=now() - timedelta(days=364))
    assert told() == [True, False]
    Shipment.objects.update(shipped_at=now() - timedelta(days=366))
    assert told() == [False, False]


def test_second_minced_meat_stands_below_with_the_batches_behind_it(talker: Talker) -> None:
    lot = rework("300", 1)
    order = planned([line("300")], 1, recipe=17, line_mode="line_2")
    out(order.mixes.get())
    (row,) = (row for row in rows(order=row_of(order)) if row[0] == f"{lot.year}-{lot.number}")
    assert (row[2], row[3], row[7]) == ("Вторфарш", 300, 300)


def test_an_order_that_was_undone_shows_nothing_of_it(talker: Talker) -> None:
    order = an_order(talker)
    first = order.mixes.get(index=1)
    first.uses.update(undone_by=first.uses.earliest("pk").event)
    found = rows(order=row_of(order))
    assert [cell for cell in found[0] if cell and "Рецепт" in str(cell)] == [
        f"Рецепт № {order.number}"
    ]
