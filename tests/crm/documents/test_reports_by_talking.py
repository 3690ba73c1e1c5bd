"""«Отчёты» in the chat (domain 4.40, 10): any report that is one's own by role, as a file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from crm.bridge.program import program
from crm.documents.facts.reports_of import reports_of
from crm.documents.models import Document
from crm.documents.operations.send_report import send_report
from crm.fact import Line
from crm.outbox.models import Notice
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from engine.errors import Refused
from engine.files.local import LocalFiles
from tests.crm.production.pallets import now, shipped, stocked, who

pytestmark = pytest.mark.django_db
ASKERS = ["technologist", "freezer_storekeeper", "production_office", "shipping_clerk"]


@pytest.fixture
def talker(clock: PlantClock, tmp_path: Path) -> Talker:
    """The phones of the plant, with a store of this test for what is made."""
    return Talker(clock, files=LocalFiles(tmp_path, "secret"))


def sheet(talker: Talker, kind: str) -> Any:
    """Return the sheet of the newest file of a kind."""
    assert talker.files is not None
    kept = Document.objects.filter(kind=kind).latest("pk")
    return load_workbook(BytesIO(talker.files.get(kept.key))).active


@pytest.mark.parametrize("role", [*ASKERS, "quality_manager", "shift_lead", "director", "auditor"])
def test_a_role_is_offered_exactly_the_reports_that_are_its_own(talker: Talker, role: str) -> None:
    theirs = {name for name, form in program().reports.items() if role in form.roles}
    assert {line.id for line in reports_of(who(role))} == theirs


def test_every_report_comes_into_the_chat_by_its_buttons(talker: Talker) -> None:
    pallet = stocked(7)
    batch = pallet.items.get().lot.mix.uses.get().batch
    assert batch is not None
    shipped(pallet)
    for name, form in program().reports.items():
        asker = "director" if "director" in form.roles else "technologist"
        line = next(one for one in reports_of(who(asker)) if one.id == name)
        phone = talker.say(asker, "/start", "[Отчёты]", form.title)
        if line["days"]:
            phone = talker.say(asker, "[Текущие сутки]", "[Только этот день]")
        if line["shipment"]:
            phone = talker.say(asker, f"[{phone.screen.titles[0]}]")
        if line["lot"]:
            phone = talker.say(asker, batch.number or "")
        talker.say(asker, "[Прислать]")
        assert Document.objects.filter(kind=name).exists(), (name, phone.described())
    assert not Notice.objects.exclude(state="sent").filter(kind="report").exists()


def test_a_period_is_of_the_days_that_were_named(talker: Talker) -> None:
    stocked(7)
    talker.say("director", "/start", "[Отчёты]", "[Баланс сырья]", "20.11.2026", "22.11.2026")
    phone = talker.say("director", "[Прислать]")
    assert phone.sees("📎 Баланс сырья 20.11.2026 – 22.11.2026.xlsx"), phone.described()
    assert sheet(talker, "raw_balance")["A1"].value == "20.11.2026 – 22.11.2026"


def test_a_report_of_another_role_is_refused_though_its_button_was_kept(talker: Talker) -> None:
    line = Line("raw_stock", "Сырьё", {"code": "raw_stock"})
    with pytest.raises(Refused, match="не положен"):
        send_report(who("shipping_clerk"), session=uuid4(), at=now(), report=line)
    assert not Notice.objects.filter(kind="report").exists()


def test_a_report_that_is_saved_twice_is_sent_once(talker: Talker) -> None:
    session, line = uuid4(), Line("raw_stock", "Сырьё", {"code": "raw_stock"})
    for _ in range(2):
        send_report(who("director"), session=session, at=now(), report=line)
    assert Notice.objects.filter(kind="report").count() == 1
