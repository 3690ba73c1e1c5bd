"""A plant of raw meat in memory for tests of reports: what facts answer, and a report read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from engine.documents.reports import Asked, Book, fill, prepare
from engine.documents.xlsx import render
from engine.load.tree import read_tree
from engine.model.values import Option, Row, Value
from engine.model.vocabulary import FactForm, Vocabulary
from engine.model.zone import plant_zone
from engine.schema.report import ReportForm

NOW = datetime(2026, 11, 24, 8, 5, 30, tzinfo=plant_zone("Europe/Moscow", time(7)))
VOCABULARY = Vocabulary(
    records={
        "material": {"name": "text"},
        "stock": {
            "number": "text",
            "material": "material",
            "condition": "choice(chilled, frozen)",
            "kg": "number kg",
            "reserved": "number kg",
            "fat": "number %?",
            "mix": "integer",
            "day": "date?",
            "at": "datetime?",
            "age": "duration?",
            "checked": "bool?",
            "clock": "time?",
        },
    },
    facts={
        "stock": FactForm((), "list of stock"),
        "stock_in": FactForm(("choice(chilled, frozen)",), "list of stock"),
        "made": FactForm(("period",), "list of stock"),
    },
)
DECIMALS = {"kg": 3, "%": 2}


def stock(number: str, material: str = "Каркас", kg: str = "10", **more: Value) -> Row:
    """A row of the fact `stock`."""
    fields = {
        "number": number,
        "material": Row("material", material, material, {"name": material}),
        "condition": Option("frozen", "Замороженное"),
        "kg": Decimal(kg),
        "reserved": Decimal(0),
        "fat": None,
        "mix": 1,
        "day": date(2026, 11, 20),
        "at": NOW,
        "age": timedelta(hours=26, minutes=30),
        "checked": True,
        "clock": time(7, 30),
        **more,
    }
    return Row("stock", number, number, fields)


def report(text: str) -> ReportForm:
    """A report of YAML; what every one needs stands above it unless the text gives it."""
    usual = {"report": "some", "title": "Сырьё", "file": "Сырьё.xlsx", "roles": "[technologist]"}
    above = "".join(
        f"{key}: {value}\n" for key, value in usual.items() if f"\n{key}:" not in f"\n{text}"
    )
    tree, findings = read_tree("some.yaml", above + text)
    assert findings == ()
    return ReportForm.model_validate(tree.data)


def book(form: ReportForm, rows: Iterable[Row] = (), **params: Value) -> Book:
    """A report filled with these rows, whichever fact it asks."""
    given = rows if not isinstance(rows, list) else tuple(rows)
    asked = Asked(params, "Орлова М. С.", "Учебный завод", NOW, time(7), lambda name, _: given)
    return fill(prepare(form, VOCABULARY, DECIMALS), asked)


def opened(content: bytes) -> Worksheet:
    """The one sheet of a workbook, as a program reads it."""
    workbook = load_workbook(BytesIO(content))
    assert len(workbook.sheetnames) == 1
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    return sheet


def written(form: ReportForm, rows: Iterable[Row] = (), **params: Value) -> Worksheet:
    """The sheet of a report filled with these rows."""
    return opened(render(book(form, rows, **params)))


def values(sheet: Worksheet) -> list[list[Any]]:
    """What stands in each row."""
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def layout(cells: Mapping[str, Any], names: Mapping[str, str]) -> bytes:
    """A layout of one sheet «Лист» with these cells and named ranges."""
    from openpyxl.workbook.defined_name import DefinedName

    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Лист"
    for address, value in cells.items():
        sheet[address] = value
    for name, address in names.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=f"'Лист'!{address}")
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()
