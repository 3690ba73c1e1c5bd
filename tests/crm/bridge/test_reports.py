"""Reports of this plant: facts asked, a file made, kept once, given to nobody who may not have
it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from openpyxl import load_workbook
from typer.testing import CliRunner

from crm.bridge.asking import NotUnderstood, read_params
from crm.bridge.facts import DjangoFacts
from crm.bridge.listing import facts, lines
from crm.bridge.outbox import DjangoOutbox
from crm.bridge.papers import PaperMaker, as_named
from crm.bridge.program import program
from crm.bridge.records import RECORDS
from crm.bridge.reports import book, workbook
from crm.catalogue.models import Company
from crm.configuration import ROOT
from crm.documents.models import Document
from crm.ledger.models import Balance
from crm.ledger.operations.move_state import move_state
from crm.people.models import Person
from crm.production.models import RawBatch
from engine.documents import docx
from engine.errors import EngineError
from engine.load.project import load_project
from engine.model.effects import ReportWanted
from engine.model.values import Option, Row
from engine.schema.report import ReportForm
from engine.talk.papers import MemoryFiles
from tests.crm.conftest import Analyse

pytestmark = pytest.mark.django_db
Receive = Callable[..., RawBatch]
BEGINS = time(7)


@pytest.fixture
def batches(receive: Receive, receiver: Person, at: datetime) -> dict[str, RawBatch]:
    """Two carcasses and a keel; a chilled one; one in quarantine; one that is all gone; one that
    is expected."""
    later = at.replace(day=23)
    made = {
        "young": receive(moment=later, weight=Decimal("300")),
        "old": receive(weight=Decimal("18250.505")),
        "keel": receive(material="Киль", weight=Decimal("12")),
        "chilled": receive(condition="chilled"),
        "blocked": receive(material="Шея"),
        "gone": receive(),
    }
    move_state(
        made["blocked"],
        "quarantine",
        sources=["received"],
        to="quarantine",
        by=receiver,
        at=at,
    )
    store = Balance.objects.filter(account="raw_store")
    store.filter(lot=made["old"].lot).update(reserved=Decimal("250.505"))
    store.filter(lot=made["gone"].lot).update(physical=0)
    coming = receive()
    RawBatch.objects.filter(pk=coming.pk).update(
        state="expected",
        number=None,
        year_number=None,
        received_at=None,
        expected_weight=Decimal("500"),
        expected_date=date(2026, 11, 30),
    )
    store.filter(lot=coming.lot).update(physical=0)
    return {**made, "coming": coming}


def sheet(**params: Any) -> Any:
    made = book(program(), program().reports["raw_stock"], params, "Орлова М. С.")
    return load_workbook(BytesIO(workbook(program(), made))).active


def test_the_stock_of_raw_meat_is_material_by_material_and_oldest_first(
    batches: dict[str, RawBatch], analyse: Analyse
) -> None:
    analyse(batches["keel"], fat=Decimal("12.05"))
    found = sheet()
    factory = "Птицефабрика «Примерная»"
    numbers = {name: batch.number for name, batch in batches.items()}
    assert [[cell.value for cell in row] for row in found.iter_rows()] == [
        ["ID партии", "Вид сырья", "Общая масса (кг)", "Зарезервировано (кг)",
         "Массовая доля жира", "Массовая доля белка", "Массовая доля влаги", "Есть на складе"],
        [f"{numbers['old']} – {factory}", "Каркас", 18000, 250.505, None, None, None, "Да"],
        [f"{numbers['young']} – {factory}", "Каркас", 300, 0, None, None, None, "Да"],
        [f"без номера – {factory}", "Каркас", 500, None, None, None, None, "В поставке"],
        [f"{numbers['keel']} – {factory}", "Киль", 12, 0, 12.05, 13, 67, "Да"],
        [f"{numbers['blocked']} – {factory}", "Шея", 18250.5, 0, None, None, None, "Карантин"],
        ["Итого", None, "=SUM(C2:C6)", "=SUM(D2:D6)", None, None, None, None],
    ]  # fmt: skip
    red = {
        cell.coordinate
        for row in found.iter_rows()
        for cell in row
        if cell.font.color is not None and cell.font.color.rgb == "00FF0000"
    }
    assert red == {"A2", "B2", "A5", "B5", "A6", "B6"}
    assert found["C2"].number_format == "0.000"
    assert found["E2"].number_format == "0.0"
    assert (found["A2"].font.sz, found["A2"].alignment.horizontal) == (12, "center")


def test_without_stock_the_report_says_so() -> None:
    assert sheet()["A2"].value == "Мороженого сырья на складе нет"


def test_a_report_is_made_once_kept_and_named_by_its_day(
    batches: dict[str, RawBatch], technologist: Person
) -> None:
    maker = PaperMaker(program(), MemoryFiles())
    wanted = ReportWanted("session:after:0", "raw_stock", {}, str(technologist.pk))
    with time_machine.travel("2026-11-24T08:00:00+03:00", tick=False):
        name, content, _ = maker(wanted)
        again = maker(wanted)
    assert (name, again[:2]) == ("Сырьё 24.11.2026.xlsx", (name, content))
    kept = Document.objects.get()
    assert (kept.kind, kept.state, kept.created_for) == ("raw_stock", "issued", technologist)


def test_a_report_waits_in_the_outbox_and_is_made_of_what_is_kept_there(
    batches: dict[str, RawBatch], technologist: Person
) -> None:
    outbox, wanted = DjangoOutbox(), ReportWanted("s:0", "raw_stock", {}, str(technologist.pk))
    outbox.report(wanted)
    outbox.report(wanted)
    (letter,) = outbox.claim(timezone.now(), 10)
    assert (letter.kind, letter.chat, letter.report) == ("report", 102, wanted)
    name, content, _ = PaperMaker(program(), MemoryFiles())(wanted)
    assert name.startswith("Сырьё ")
    assert load_workbook(BytesIO(content)).active["A1"].value == "ID партии"


def test_who_may_not_have_a_report_does_not_get_it(receiver: Person) -> None:
    maker = PaperMaker(program(), MemoryFiles())
    with pytest.raises(EngineError, match="may not have"):
        maker(ReportWanted("k", "raw_stock", {}, str(receiver.pk)))
    with pytest.raises(EngineError, match="no report"):
        maker(ReportWanted("k", "nothing", {}, str(receiver.pk)))
    assert Document.objects.count() == 0


def test_reports_whose_facts_are_all_there_are_offered_and_no_others() -> None:
    there = facts()
    every, _ = load_project(ROOT / "flows")
    assert every is not None
    asked = {
        name: {block.source.partition("(")[0] for block in form.blocks if block.source}
        for name, form in every.reports.items()
    }
    assert {*program().reports} == {name for name, wanted in asked.items() if wanted <= {*there}}


def test_a_report_costs_the_same_few_queries_however_many_batches(
    receive: Receive, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        receive()
    with django_assert_num_queries(4):
        sheet()


def test_every_fact_is_answered_as_the_vocabulary_says() -> None:
    for name, fact in facts().items():
        kind = fact.result.removeprefix("list of ").rstrip("?")
        if not kind.startswith("choice("):
            assert kind in {*fact.records, *RECORDS, *lines()} or "_" not in kind, name
    with pytest.raises(EngineError, match="no fact"):
        DjangoFacts().ask("nothing", ())


def test_a_row_of_a_fact_holds_records_that_can_be_read_further(receive: Receive) -> None:
    batch = receive()
    found: Any = DjangoFacts().ask("raw_stock", (Option("frozen", "Замороженное"),))
    (line,) = found
    assert isinstance(line, Row)
    of: Any = line.fields["batch"]
    assert of.fields["number"] == batch.number
    assert line.fields["on_stock"] == Option("yes", "Да")


FORM = ReportForm.model_validate(
    {
        "report": "some",
        "title": "Отчёт",
        "file": "x.xlsx",
        "roles": ["technologist"],
        "params": {
            "period": {"title": "Период", "type": "period"},
            "day": {"title": "День", "type": "date?"},
            "at": {"title": "Когда", "type": "datetime?"},
            "kg": {"title": "Масса", "type": "number kg?"},
            "count": {"title": "Сколько", "type": "integer?"},
            "words": {"title": "Слова", "type": "text?"},
            "condition": {"title": "Кондиция", "type": "choice(chilled, frozen)?"},
            "company": {"title": "Компания", "type": "company"},
        },
        "blocks": [{"source": "x()", "columns": [{"title": "А", "value": "it.a"}]}],
    }
)


def test_parameters_are_read_as_people_write_them(company: Company) -> None:
    given = {
        "period": "01.11.2026-24.11.2026",
        "day": "24.11.2026",
        "at": "24.11.2026 08:05",
        "kg": "18,5",
        "count": "3",
        "words": "любые",
        "condition": "frozen",
        "company": "ооо «учебная компания 1»",
    }
    params: dict[str, Any] = read_params(FORM, given, BEGINS)
    assert params["period"].title == "01.11.2026 – 24.11.2026"
    assert params["period"].fields["ends"].isoformat() == "2026-11-25T07:00:00+03:00"
    assert (params["day"], params["kg"], params["count"]) == (
        date(2026, 11, 24),
        Decimal("18.5"),
        3,
    )
    assert params["at"].isoformat() == "2026-11-24T08:05:00+03:00"
    assert (params["words"], params["condition"].code) == ("любые", "frozen")
    assert params["company"].id == str(company.pk)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "нужен параметр «company»"),
        ({"nothing": "1"}, "нет параметра «nothing»"),
        ({"company": "Никакая"}, "нет такого «Никакая»"),
        ({"condition": "frozn"}, "нет такого «frozn»"),
        ({"day": "31.02.2026"}, "не понять «31.02.2026»"),
        ({"kg": "много"}, "не понять «много»"),
        ({"period": "вчера"}, "не понять «вчера»"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(
    company: Company, given: dict[str, str], words: str
) -> None:
    needed = {} if not given or "company" in given else {"company": company.name}
    with pytest.raises(NotUnderstood, match=words):
        read_params(FORM, {**needed, **given}, BEGINS)


def test_the_command_writes_a_workbook_or_rows_and_names_what_there_is(tmp_path: Path) -> None:
    from cli import app

    run = CliRunner().invoke
    file = tmp_path / "stock.xlsx"
    assert run(app, ["report", "raw_stock", "--out", str(file)]).exit_code == 0
    assert load_workbook(file).active["A1"].value == "ID партии"
    rows = tmp_path / "stock.csv"
    assert run(app, ["report", "raw_stock", "--out", str(rows)]).exit_code == 0
    assert rows.read_text("utf-8-sig").startswith("ID партии;Вид сырья;")
    unknown = run(app, ["report", "nothing"])
    assert (unknown.exit_code, "raw_stock" in unknown.output) == (2, True)
    wrong = run(app, ["report", "raw_stock", "--param", "x=1"])
    assert (wrong.exit_code, "нет параметра «x»" in wrong.output) == (2, True)


def test_a_paper_that_no_font_prints_stays_a_docx(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("engine.documents.pdf.convert", _without_fonts)
    name, mime, content = as_named("Этикетка.pdf", b"PK a layout")
    assert (name, mime, content) == ("Этикетка.docx", docx.MIME, b"PK a layout")
    assert "are fonts installed?" in caplog.text


def _without_fonts(_content: bytes) -> bytes:
    raise RuntimeError("no fonts available on this system")
