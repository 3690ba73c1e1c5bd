"""«Журнал»: what accounts did and took in the office, for those who may know it."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import OFFICE, words
from tests.crm.production.pallets import kg
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/admin/logentry/"


def read(client: Client, path: str = PAGE) -> str:
    return words(client.get(path).content.decode())


def test_a_line_says_who_did_what_to_which_record_and_leads_to_it() -> None:
    batch = batch_in_stock("carcass", kg(500))
    given = {"counted": "490", "reason": "взвешено заново", "step": "apply"}
    member("clerk", OFFICE).post(f"/admin/production/rawbatch/{batch.pk}/recount/", given)
    member("clerk2", OFFICE).post("/admin/production/pallet/export/csv/?q=7")
    auditor, line = member("auditor", "Аудитор"), LogEntry.objects.earliest("pk")
    page = read(auditor)
    assert "clerk Применено: Исправить остаток: взвешено заново партия сырья" in page
    assert "clerk2 Экспорт: csv, отбор «q=7» паллет Паллеты" in page
    assert "clerk2 Экспорт" not in read(auditor, f"{PAGE}?q=clerk")
    shown = auditor.get(f"{PAGE}{line.pk}/change/").content.decode()
    assert f"/admin/production/rawbatch/{batch.pk}/change/" in shown


def test_nobody_writes_a_line_and_who_has_no_business_with_it_does_not_read_it() -> None:
    clerk = member("clerk", OFFICE)
    assert clerk.get(PAGE).status_code == 403
    assert member("admin", "Администратор").post(f"{PAGE}add/").status_code == 403
