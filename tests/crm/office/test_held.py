"""«Блокировки» of the lists of lots: column, filter, export; «Баланс сырья» above the raw ones."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.db.models import Model, QuerySet
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from crm.ledger.models import Lot
from crm.production.models import Blank, Mix, Pallet, RawBatch, SecondMinced
from crm.quality.models import Hold
from crm.quality.operations.release_hold import release_hold
from tests.crm.office.conftest import member
from tests.crm.office.floor import a_blank, furnish
from tests.crm.production.pallets import who
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
kg = Decimal
STOCK: dict[str, type[Model]] = {
    "rawbatch": RawBatch,
    "blank": Blank,
    "mix": Mix,
    "secondminced": SecondMinced,
    "pallet": Pallet,
}


def held(lot: Lot, kind: str) -> Hold:
    return Hold.objects.create(lot=lot, kind=kind, reason="проверка", placed_at=timezone.now())


def release(holds: QuerySet[Hold]) -> None:
    for hold in holds:
        release_hold(who(), hold=hold, reason="проверено", at=timezone.now(), decided=True)


def words(client: Client, address: str) -> str:
    text = html.unescape(client.get(address).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_every_list_of_lots_tells_the_open_holds_of_each_and_leaves_out_what_is_over(
    office: Client,
) -> None:
    furnish(1)
    release(Hold.objects.filter(released_at=None))
    for page, model in STOCK.items():
        record = model._default_manager.latest("pk")
        lot = record.lot  # type: ignore[attr-defined]
        for kind in ("manual", "core_temp"):
            held(lot, kind)
        release(Hold.objects.filter(pk=held(lot, "recall").pk))
        address = f"/admin/production/{page}/"
        text = words(office, address)
        assert "Температура в толще, Вручную" in text, page
        found = office.get(address, {"held": "yes"}).context["cl"].result_list
        assert list(found) == [record], page
        free = office.get(address, {"held": "no"}).context["cl"].result_list
        assert record not in free, page


def test_an_export_writes_the_holds_as_words(office: Client) -> None:
    held(a_blank(1, batch_in_stock("carcass", kg("900"), condition="chilled")).lot, "ccp")
    file = office.post("/admin/production/blank/export/xlsx/").content
    sheet = load_workbook(BytesIO(file)).active
    assert sheet is not None
    titles, row = [[cell.value for cell in line] for line in sheet.iter_rows(max_row=2)]
    assert row[titles.index("Блокировки")] == "ККТ"


def test_the_raw_batches_lead_to_their_balance_for_whoever_may_have_it(seeded: None) -> None:
    page = "/admin/production/rawbatch/"
    clerk = member("clerk", "Производственный отдел").get(page).content.decode()
    assert 'href="/admin/reports/?report=raw_balance">Баланс сырья</a>' in clerk
    assert "report=raw_balance" not in member("ship", "Отдел отгрузки").get(page).content.decode()
