"""A package from a stranger's hands is looked through before a library opens it."""

from __future__ import annotations

import re
import struct
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from engine.documents.docx import asked
from engine.documents.errors import BadLayout
from engine.documents.layout import names
from engine.documents.package import LARGEST_PART
from tests.engine.documents.words import paper
from tests.engine.documents.workbooks import layout
from tests.fuzz.bounded import within

FORM = layout({"A1": "Отгрузка"}, {"shipment": "$B$1"})
SHEET = "xl/worksheets/sheet1.xml"
WHOLE = "A1:XFD1048576"


def changed(package: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a package with one part changed."""
    made = BytesIO()
    with ZipFile(BytesIO(package)) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        for entry in before.namelist():
            content = before.read(entry)
            after.writestr(entry, change(content) if entry == name else content)
    return made.getvalue()


def before_the_end(words: str) -> Callable[[bytes], bytes]:
    """Put words behind the cells of a sheet."""
    return lambda sheet: sheet.replace(b"</sheetData>", b"</sheetData>" + words.encode())


def lying(package: bytes, name: str, real: int) -> bytes:
    """Return a package one part of which is zeros, far more of them than it says."""
    swollen = changed(package, name, lambda _: bytes(real))
    said = struct.pack("<I", real)
    assert swollen.count(said) == 2  # before the part, and in the table of contents
    return swollen.replace(said, struct.pack("<I", 100))


BOOKS = {
    "merged cells": before_the_end(f'<mergeCells><mergeCell ref="{WHOLE}"/></mergeCells>'),
    "many merged": before_the_end(
        "<mergeCells>" + '<mergeCell ref="A1:CV900"/>' * 2 + "</mergeCells>"
    ),
    "a link": before_the_end(f'<hyperlinks><hyperlink ref="{WHOLE}" location="a"/></hyperlinks>'),
    "a far cell": lambda sheet: sheet.replace(b'r="A1"', b'r="XFD1048576"'),
    "a far row": lambda sheet: sheet.replace(b'<row r="1"', b'<row r="1048576"').replace(
        b'<c r="A1"', b"<c"
    ),
    "an entity": lambda sheet: b'<!DOCTYPE a [<!ENTITY b "c">]>' + sheet[sheet.index(b"<worksh") :],
    "a mebibyte of cells": lambda sheet: sheet.replace(
        b"<sheetData>", b"<sheetData><row>" + b"<c/>" * 300_000 + b"</row>"
    ),
    "no XML": lambda _: b"<a>",
}


NAMES = [b"'", b"#REF!", b"A1:", b":", b"$A", b"1e9", b"", b"'\xd0\xb6'!$A$1:$B"]


@pytest.mark.parametrize("address", NAMES)
def test_a_name_that_stands_for_no_cells_is_no_name_or_refused(address: bytes) -> None:
    def renamed(workbook: bytes) -> bytes:
        return re.sub(rb"(<definedName[^>]*>)[^<]*", rb"\g<1>" + address, workbook)

    with suppress(BadLayout):
        assert names(changed(FORM, "xl/workbook.xml", renamed)) == {}


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_that_would_take_all_memory_is_refused_at_once(name: str) -> None:
    with within(), pytest.raises(BadLayout):
        names(changed(FORM, SHEET, BOOKS[name]))


def test_a_name_far_outside_of_a_form_is_refused() -> None:
    with within(), pytest.raises(BadLayout, match="не больше 1000 строк"):
        names(layout({"A1": "Отгрузка"}, {"pallets": "$A$1048570:$B$1048570"}))


def test_a_form_of_more_cells_than_a_second_fills_is_refused() -> None:
    names(layout({"T1000": "Отгрузка"}, {}))
    with within(), pytest.raises(BadLayout, match="не больше 20000 ячеек"):
        names(layout({"U1000": "Отгрузка"}, {}))


@pytest.mark.parametrize(
    ("open_it", "package", "part"),
    [(asked, paper("{{ a }}"), "word/document.xml"), (names, FORM, SHEET)],
)
def test_a_part_that_is_larger_than_it_says_is_not_unpacked(open_it, package, part) -> None:
    bomb = lying(package, part, 10 * LARGEST_PART)
    assert len(bomb) < LARGEST_PART / 10
    tracemalloc.start()
    with pytest.raises(BadLayout):
        open_it(bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < LARGEST_PART


def test_a_formula_that_cannot_be_read_is_refused_before_rows_move_it() -> None:
    with pytest.raises(BadLayout, match="формула в C4"):
        names(layout({"C4": "='Лист"}, {}))


def test_a_usual_form_is_opened() -> None:
    assert list(names(FORM)) == ["shipment"]
