"""The packing list of a shipment (domain 10.12), as a workbook and as a document: what stands in
both is computed here again from the rows."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
import pytest
from openpyxl import load_workbook

from crm.bridge.papers import PaperMaker
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.bridge.reports import book, workbook
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.documents.models import Document
from crm.plant.talker import Talker
from crm.production.facts.shipment_pallets import shipment_pallets
from crm.production.models import Pallet, Shipment
from engine.model.effects import Paper
from engine.talk.papers import MemoryFiles
from tests.crm.production.pallets import mix_out, now, rework_of_batch, stocked, who
from tests.crm.production.pallets import shipped as gone

pytestmark = pytest.mark.django_db


def shipped() -> Shipment:
    """Ship two of three pallets that were taken: one was removed before."""
    first, second, third = (
        stocked(n, f"{900 + n}.507", mix_out(f"{900 + n}.007")) for n in (7, 8, 9)
    )
    shipping, customer = Shipping(program()), Customer.objects.earliest("id")
    clerk, other = who("shipping_clerk"), who("production_office")
    made = shipping.draft(clerk, customer=customer, pallets=[first, second, third], at=now())
    shipping.remove(clerk, shipment=made, pallet=third, at=now())
    shipping.confirm(clerk, shipment=made, at=now())
    Shipping(program(), ["shipping_clerk"]).ship(other, shipment=made, at=now())
    return Shipment.objects.get()


def inside(shipment: Shipment) -> list[Pallet]:
    """Read its pallets row by row, without the fact of the report."""
    lines = [one for one in shipment.lines.all() if one.removed_at is None]
    return sorted((one.pallet for one in lines), key=lambda one: one.number)


def spoken(kg: Decimal | None) -> str:
    """Write kilograms as papers do."""
    return f"{kg or Decimal(0):,.3f}".replace(",", "\u202f").replace(".", ",")


def test_the_workbook_of_a_shipment_has_real_numbers_and_sums(talker: Talker) -> None:
    shipment = shipped()
    made = book(
        program(),
        program().reports["shipment_list"],
        {"shipment": row_of(shipment)},
        "Жукова Н. С.",
    )
    assert made.file == f"Отгрузка № {shipment.number}.xlsx"
    sheet: Any = load_workbook(BytesIO(workbook(program(), made))).active
    assert sheet["B3"].value == shipment.number
    assert sheet["B4"].value == shipment.customer.name
    pallets = inside(shipment)
    lines = [[cell.value for cell in row] for row in sheet["A8:J9"]]
    assert [line[0] for line in lines] == [one.number for one in pallets]
    weights = [[one.gross, one.pallet_weight, one.packaging_weight, one.net] for one in pallets]
    assert [[Decimal(str(value)) for value in line[5:9]] for line in lines] == weights
    assert all(line[9].startswith("2026-2211/") for line in lines)
    assert [sheet[f"{column}10"].value for column in "FGHI"] == [
        f"=SUM({column}8:{column}9)" for column in "FGHI"
    ]
    assert sheet.print_title_rows == "$7:$7"


def test_the_packing_list_is_a_document_with_the_same_pallets_and_who_let_them_go(
    talker: Talker,
) -> None:
    shipment, files = shipped(), MemoryFiles()
    wanted = Paper("k", "packing_list", "shipment", str(shipment.pk), str(who().pk))
    name, content, _ = PaperMaker(program(), files)(wanted)
    assert name == f"Отгрузка № {shipment.number}.docx"
    assert Document.objects.get().state == Document.State.ISSUED
    printed = docx.Document(BytesIO(content))
    words = "\n".join(paragraph.text for paragraph in printed.paragraphs)
    assert f"Отгрузка № {shipment.number}" in words
    assert shipment.customer.name in words
    assert f"Подтвердил(а): {who('shipping_clerk').full_name}" in words
    assert f"Проверил(а) и отпустил(а): {who('production_office').full_name}" in words
    assert "НЕ ОТГРУЖЕНО" not in words
    rows = [[cell.text for cell in row.cells] for row in printed.tables[0].rows]
    pallets = inside(shipment)
    assert [(row[0], row[5], row[8]) for row in rows[1:-1]] == [
        (str(one.number), spoken(one.gross), spoken(one.net)) for one in pallets
    ]
    net = sum((one.net for one in pallets if one.net), Decimal(0))
    assert (rows[-1][0], rows[-1][8]) == ("Всего: 2", spoken(net))
    for one, row in zip(pallets, rows[1:-1], strict=True):
        mix = one.items.get().lot.mix
        batches = {use.lot.raw_batch.full_number for use in mix.uses.all()}
        assert set(row[9].split(", ")) == batches


def test_a_packing_list_of_a_draft_says_that_it_has_not_left(talker: Talker) -> None:
    shipping, customer = Shipping(program()), Customer.objects.earliest("id")
    made = shipping.draft(who("shipping_clerk"), customer=customer, pallets=[stocked(7)], at=now())
    wanted = Paper("k", "packing_list", "shipment", str(made.pk), str(who().pk))
    _, content, _ = PaperMaker(program(), MemoryFiles())(wanted)
    words = "\n".join(one.text for one in docx.Document(BytesIO(content)).paragraphs)
    assert "НЕ ОТГРУЖЕНО" in words
    assert "Проверил(а) и отпустил(а): —" in words
    assert Document.objects.get().state == Document.State.DRAFT


def test_behind_rework_that_is_sold_stands_the_raw_meat_too(talker: Talker) -> None:
    pallet, batch = rework_of_batch()
    [line] = shipment_pallets(gone(pallet))
    assert (line["net"], line["raw"]) == (Decimal(300), batch.full_number)
