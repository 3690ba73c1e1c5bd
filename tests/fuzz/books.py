"""Workbooks of any cells, names, merged ranges and sizes, some with flipped bytes, as the form of a
report. Start at `BOOKS`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from engine.documents.errors import BadLayout
from engine.documents.layout import fill_layout
from engine.documents.reports import Book
from tests.engine.documents.workbooks import book, report, stock
from tests.fuzz.bounded import Bounded


def mostly(fine: Sequence[str], odd: Sequence[str]) -> st.SearchStrategy[str]:
    """Return a choice of what is fine, now and then of what is odd: one odd part refuses all."""
    return st.sampled_from([*fine] * (12 * len(odd) // len(fine)) + [*odd])


NUMBERS = ("1", "-1.5", "1E400", "NaN")
CELLS = mostly(
    ["A1", "A2", "B2", "A3", "B3", "C3", "B4", "C5", "A9", "J20", "C30", "D3"],
    ["CV1000", "A1000", "A1001", "CW1", "XFD1048576", "XFE1", "A0", "A", "1", "", "a3", "$A$3",
     "A3:B3", "ЯЯ1", "AAAA1"],
)  # fmt: skip
SAID = mostly(
    ["=SUM(B3:B3)", "=SUM(B3:B9)/A1", "=A3*2", "='Лист'!B3", "=Other!B3", "=B3#", "=3:3", "=B:B",
     "=XFD1048577", "=parts", "=#REF!", "=A1:A", "=" + "(" * 200, "=" + "A3+" * 500 + "1", "+1",
     '=IF(A3>1,"да",B3)', "@x", "текст", "{{ number }}", "<b>", "&amp;", "_x0041_", "я" * 999, "1",
     "-1.5"],
    ["=[1]Лист!A1", "=", "=SUM(", "=)", '="', "='", "={1,2", "=CMD|'/c calc'!A0", "\x07", *NUMBERS],
)  # fmt: skip
RANGES = mostly(
    ["'Лист'!$A$3:$B$3", "'Лист'!$A$1", "'Лист'!$B$2", "'Лист'!$A$3:$C$3", "'Лист'!$A$3:$B$9",
     "Лист!A1", "'Лист'!$A$999:$B$1000", "'Лист'!$A:$A", "'Лист'!$3:$3"],
    ["'Лист'!$B$3:$A$3", "'Лист'!$A$1:$XFD$1048576", "Other!$A$1", "'Лист'!$A$1,'Лист'!$B$2",
     "'Лист'!#REF!", "#REF!", "", "$A$1", "SUM(1)", "'Лист'!A0", "'Лист'!$CV$1", "'", "!",
     "[1]Лист!$A$1", "3", "'Лист'!ЯЯ"],
)  # fmt: skip
NAMES = mostly(["number", "parts", "other"], ["", "_xlnm.Print_Area", "_xlnm.Print_Titles"])
AREAS = mostly(
    ["A5:C7", "C3:D3", "B1:C1", "A4:A9", "D2:E4"],
    ["A3:B3", "A3:B4", "A1:A9", "A3", "B3:A3", "A1:XFD1048576", "!"],
)
FORM = report(
    "params: {number: {title: Номер, type: text}}\ncells: {number: number}\n"
    "blocks:\n  - source: stock()\n    row: parts\n"
    "    columns: [{title: Номер, value: it.number}, {title: Масса, value: it.kg}]\n"
)
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
ROOM = b"@@"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A form as somebody drew it: what cells say, names of ranges, merged ranges, what is flipped;
    `sound` ones have the names that the report wants, too."""

    cells: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    merged: tuple[str, ...]
    flips: tuple[tuple[int, int], ...]
    sound: bool
    rows: int


FLIPS = st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=2)
BOOKS = st.builds(
    Drawn,
    st.lists(st.tuples(CELLS, SAID), max_size=6).map(tuple),
    st.one_of(st.just(()), st.lists(st.tuples(NAMES, RANGES), max_size=3).map(tuple)),
    st.lists(AREAS, max_size=2).map(tuple),
    st.one_of(st.just(()), FLIPS.map(tuple)),
    st.sampled_from([True, True, True, False]),
    st.sampled_from([0, 1, 2, 40]),
)


def _empty() -> dict[str, bytes]:
    made = BytesIO()
    workbook = Workbook()
    workbook.worksheets[0].title = "Лист"
    workbook.save(made)
    with ZipFile(made) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    empty = rb"<sheetData ?/>|<sheetData></sheetData>"
    for part, there in ((SHEET, empty), (BOOK, rb"(?=<calcPr)")):
        parts[part], count = re.subn(there, ROOM, parts[part])
        assert count == 1
    return parts


EMPTY = _empty()
SOUND = (("number", "'Лист'!$A$1"), ("parts", "'Лист'!$A$3:$B$3"))


def written(drawn: Drawn) -> bytes:
    """Return the workbook of a form."""
    cells = "".join(_cell(*one) for one in drawn.cells)
    merged = "".join(f"<mergeCell ref={quoteattr(one)}/>" for one in drawn.merged)
    below = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    named = (*(SOUND if drawn.sound else ()), *drawn.names)
    names = "".join(
        f"<definedName name={quoteattr(name)}>{escape(to)}</definedName>" for name, to in named
    )
    sheet = f"<sheetData><row>{cells}</row></sheetData>{below}"
    page = bytearray(EMPTY[SHEET].replace(ROOM, sheet.encode("utf-8")))
    for at, value in drawn.flips:
        page[-1 - at % len(page)] = value
    whole = EMPTY[BOOK].replace(ROOM, f"<definedNames>{names}</definedNames>".encode())
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as package:
        for name, content in {**EMPTY, SHEET: bytes(page), BOOK: whole}.items():
            package.writestr(name, content)
    return made.getvalue()


def _cell(address: str, said: str) -> str:
    place = f"<c r={quoteattr(address)}"
    if said.startswith("="):
        return f"{place}><f>{escape(said[1:])}</f></c>"
    if said in NUMBERS:
        return f"{place}><v>{said}</v></c>"
    return f'{place} t="inlineStr"><is><t>{escape(said)}</t></is></c>'


def filled(rows: int) -> Book:
    """Return the report with so many rows."""
    made = [stock(f"{at}", kg=str(Decimal(at) / 3)) for at in range(rows)]
    return book(FORM, made, number="=2411")


FILLED = {rows: filled(rows) for rows in (0, 1, 2, 40)}


def fill(layout: bytes, rows: int, bounded: Bounded) -> None:
    """Fill a form: a workbook that opens, with what was given as it was given; or words about what
    is wrong."""
    try:
        made = bounded(lambda: fill_layout(FILLED[rows], layout))
    except BadLayout:
        bounded.saw("refused")
        return
    bounded.saw("filled")
    assert len(made) < 1024 * 1024
    sheet = load_workbook(BytesIO(made)).worksheets[0]
    cells = list(sheet._cells.values())  # those that are written: a sheet may have a far corner
    said = [cell for cell in cells if cell.value == "=2411"]
    assert [cell.data_type for cell in said] == ["s"] * len(said)
