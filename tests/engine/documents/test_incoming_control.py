"""The act of incoming control: the layout that the office edits, with the values of a batch."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.documents.docx import placeholders, render
from engine.documents.papers import DRAFT, NOW, file_name, values_of
from engine.load.tree import read_tree
from engine.model.values import THIN_SPACE, Option, Row, Value
from engine.schema.document import DocumentForm
from tests.engine.documents.words import header_texts, texts

FOLDER = Path(__file__).parents[3] / "templates" / "incoming_control"
LAYOUT = (FOLDER / "layout.docx").read_bytes()
MOMENT = datetime(2026, 11, 24, 8, 5, tzinfo=ZoneInfo("Europe/Moscow"))
LONG = 'ООО <b>«Учебная компания 1»</b> & "Партнёры" {{ 7*7 }} '
BATCH = Row(
    "raw_batch",
    "1",
    "2411/3",
    {
        "number": "2411/3",
        "year_number": 1284,
        "organization": "Птицефабрика «Примерная»",
        "raw_material": Row("raw_material", "1", "Каркас", {"name": "Каркас"}),
        "manufacturer": None,
        "manufacture_date": date(2026, 11, 20),
        "ttn_number": "ТТН-000123",
        "ttn_date": None,
        "product_temp": Decimal("-18"),
        "separator": "С-1",
        "separator_mode": "700",
        "weight_received": Decimal("18250.5"),
        "vet_document_numbers": None,
        "vet_document_dates": None,
        "expiration_date": None,
        "analysis": None,
        "fat": None,
        "protein": None,
        "moisture": None,
    },
)
ANALYSIS = Row(
    "raw_analysis",
    "1",
    "",
    {
        **dict.fromkeys(("appearance", "smell", "colour"), Option("good", "Соответствует")),
        "broth_aroma": Option("bad", "Не соответствует"),
        "broth_quality": Option("clear", "Светлый"),
        **dict.fromkeys(
            ("beta_lactams", "chloramphenicols", "tetracyclines", "streptomycins"),
            Option("negative", "Отрицательное"),
        ),
        "responsible": Row("responsible_person", "1", "Лапина О. В."),
        "certified_at": None,
    },
)
Read = Callable[[bytes], str]


def written(name: str) -> Any:
    tree, findings = read_tree(name, (FOLDER / name).read_text("utf-8"))
    assert findings == ()
    return tree.data


FORM = DocumentForm.model_validate(written("document.yaml"))


def printed(**changed: Value) -> bytes:
    batch = replace(BATCH, fields={**BATCH.fields, **changed})
    return render(LAYOUT, values_of(FORM, batch, MOMENT))


def filled(content: bytes) -> dict[str, str]:
    """What stands beside each label of the tables."""
    _, *rest = texts(content)
    return dict(pairwise(rest))


@pytest.fixture
def read(soffice_path: str, tmp_path: Path) -> Read:
    """Open a document in LibreOffice and return its text."""

    def opened(content: bytes) -> str:
        (tmp_path / "act.docx").write_bytes(content)
        command = [soffice_path, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
        command += ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path)]
        done = subprocess.run(
            [*command, str(tmp_path / "act.docx")],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return (tmp_path / "act.txt").read_text("utf-8-sig")

    return opened


def test_every_placeholder_has_a_field_and_every_field_a_placeholder() -> None:
    asked = {found.name for found in placeholders(LAYOUT)}
    assert asked == {NOW, DRAFT, *FORM.fields, *FORM.later}
    assert not set(FORM.fields) & set(FORM.later)


def test_the_sample_fills_every_placeholder() -> None:
    sample = written("sample.yaml")
    assert set(sample) == {found.name for found in placeholders(LAYOUT)}
    assert "—" not in texts(render(LAYOUT, sample))


def test_the_act_says_what_was_delivered() -> None:
    content = printed()
    said = filled(content)
    assert texts(content)[:3] == [
        "АКТ № 1284",
        "входного контроля сырья",
        "от 24.11.2026   ·   партия № 2411/3",
    ]
    assert said["Поставщик"] == "Птицефабрика «Примерная»"
    assert said["Сырьё"] == "Каркас"
    assert said["Дата изготовления"] == "20.11.2026"
    assert said["ТТН №"] == "ТТН-000123"
    assert said["Принятая масса, кг"] == f"18{THIN_SPACE}250,50"
    assert said["Температура сырья, °C"] == "−18,0"
    assert said["Сепаратор – режим"] == "С-1 – 700"


def test_what_was_not_given_or_not_analysed_is_a_dash() -> None:
    said = filled(printed(organization=None, separator=None, separator_mode=None))
    unknown = {label for label, value in said.items() if value == "—"}
    assert unknown == {
        *("Поставщик", "Производитель", "Годен до", "Дата ТТН", "ЭВСД №", "Дата ЭВСД"),
        *("Внешний вид", "Запах", "Цвет", "Аромат бульона", "Качество бульона"),
        *("Массовая доля жира, %", "Массовая доля белка, %", "Массовая доля влаги, %"),
        *("Бета-лактамы", "Хлорамфениколы", "Тетрациклины", "Стрептомицины", "Сепаратор – режим"),
    }
    assert "Исследование провёл: —" in texts(printed())
    assert "None" not in " ".join(texts(printed()))


def test_the_act_says_what_the_laboratory_found() -> None:
    parts = {"fat": Decimal("17.8"), "protein": Decimal("12.87"), "moisture": Decimal("66.3")}
    content = printed(analysis=ANALYSIS, **parts)
    said = filled(content)
    assert (said["Внешний вид"], said["Аромат бульона"]) == ("Соотв.", "Не соотв.")
    assert (said["Качество бульона"], said["Тетрациклины"]) == ("Светлый", "Отрицательное")
    assert said["Массовая доля жира, %"] == "17,80"
    assert "Исследование провёл: Лапина О. В." in texts(content)


def test_a_draft_is_marked_on_every_page_and_a_checked_act_is_not() -> None:
    checked = replace(ANALYSIS, fields={**ANALYSIS.fields, "certified_at": MOMENT})
    for analysis in (None, ANALYSIS):
        marks = header_texts(printed(analysis=analysis))
        assert any(text.startswith("ЧЕРНОВИК") for text in marks)
    assert header_texts(printed(analysis=checked)) == ["Учебный завод\tПриёмка сырья"]


def test_three_people_sign() -> None:
    assert {"Мастер", "Лаборант", "Начальник"} <= set(texts(printed()))


def test_the_file_is_named_after_the_batch() -> None:
    assert file_name(FORM, values_of(FORM, BATCH, MOMENT)) == "Акт входного контроля 2411-3.docx"


def test_libreoffice_opens_the_act_with_long_names_literally(read: Read) -> None:
    text = read(printed(manufacturer=LONG * 10, ttn_number="Т" * 50))
    joined = " ".join(text.split())
    assert " ".join((LONG * 10).split()) in joined
    for words in ("АКТ № 1284", "Птицефабрика «Примерная»", "Т" * 50, "Начальник"):
        assert words in joined
