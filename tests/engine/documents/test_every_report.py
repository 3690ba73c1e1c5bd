"""Every report of flows/reports/ and every document of templates/, as who prints them sees them:
numbers that add up, titles on every page, nothing cut. The rows are made up (`plenty.py`)."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from pypdfium2 import PdfDocument

from engine.documents.docx import render as print_document
from engine.load.project import Project, load_project
from engine.load.tree import read_tree
from engine.schema.report import BlockForm, ReportForm
from tests.engine.documents.traced import traced
from tests.pages import COUNT, ROOT, report_file

LONG = "Птицефабрика «Примерная» имени Тридцатилетия образцового хозяйства"
PAGES = {"traceability": 2 * COUNT}  # a page an order, or two; the others take three
LEAST = 6.5  # points of letters on paper that people still read
SPARE = 4  # what a width has beyond the letters of the longest text: Arial is no typewriter
NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")


@cache
def project() -> Project:
    loaded, findings = load_project(ROOT / "flows")
    assert loaded is not None, findings
    return loaded


@cache
def written(name: str, text: str = "") -> bytes:
    return report_file(project(), name, COUNT, text)


@cache
def sheets(name: str, text: str = "") -> list[Any]:
    return list(load_workbook(BytesIO(written(name, text))).worksheets)


def reports() -> list[str]:
    """Return the names of all reports; the test database need not be there for that."""
    folder = ROOT / "flows" / "reports"
    return sorted(one.stem for one in folder.iterdir())


def cells(name: str, text: str = "") -> list[Any]:
    rows = [row for found in sheets(name, text) for row in found.iter_rows()]
    return [one for row in rows for one in row if one.value is not None]


def titles(form: ReportForm) -> set[str]:
    """Return the titles of columns that have no hole to fill."""
    found = {column.title for block in form.blocks if block.header for column in block.columns}
    return {title for title in found if "{" not in title}


def test_the_reports_of_the_folder_are_those_of_the_project() -> None:
    assert reports() == sorted(project().reports)


@pytest.mark.parametrize("name", reports())
def test_numbers_and_dates_of_a_report_are_no_texts(name: str) -> None:
    """A number that is a text is no part of any sum."""
    found = cells(name, "слово")
    said = [one for one in found if one.data_type == "s" and not one.font.bold]  # bold is a title
    texts = [one.coordinate for one in said if NUMBER.fullmatch(one.value)]
    assert texts == []
    numbers = [one for one in found if one.data_type == "n" and not one.is_date]
    assert len(numbers) > COUNT / 2 or name == "ccp_checks"
    assert {one.number_format for one in numbers if isinstance(one.value, float)} <= {
        *("0.000", "0.00", "0.0", "General", '0.0" %"', '0.00" %"')
    }


@pytest.mark.parametrize("name", reports())
def test_every_total_of_a_report_is_a_living_formula_over_its_rows(name: str) -> None:
    form, found = project().reports[name], cells(name)
    asked = [column for block in form.blocks for column in block.columns if column.total]
    formulas = [one.value for one in found if one.data_type == "f"]
    assert len(formulas) >= len(asked)
    assert all(one.startswith("=") for one in formulas)
    if form.is_form:
        assert [one for one in formulas if one.startswith("=SUM(")]
        return
    for column in asked:
        wanted = {"sum": "=SUM(", "count": "=COUNTA("}.get(column.total, "=")
        assert any(one.startswith((wanted, "=SUBTOTAL(")) for one in formulas), column.title


@pytest.mark.parametrize("name", reports())
def test_a_report_is_a_page_wide_and_says_whose_it_is(name: str) -> None:
    for found in sheets(name):
        setup = found.page_setup
        assert found.sheet_properties.pageSetUpPr.fitToPage
        assert (setup.fitToWidth, setup.paperSize, setup.orientation) == (1, 9, "landscape")
        assert found.freeze_panes is not None
        assert project().project.plant.name in str(found.oddHeader.left.text)
        assert "Орлова М. С." in str(found.oddFooter.left.text)
        assert "&P" in str(found.oddFooter.right.text)


@pytest.mark.parametrize("name", reports())
def test_a_report_repeats_its_one_header_on_every_page_or_the_last_one_after_it(name: str) -> None:
    """A page with the titles of another table above its rows lies."""
    form, found = project().reports[name], sheets(name)
    if form.is_form:
        assert found[0].print_title_rows
        return
    for one, blocks in zip(found, by_sheet(form), strict=True):
        headers = [block for block in blocks if block.header]
        first, last = map(int, one.print_title_rows.replace("$", "").split(":"))
        if len(headers) == 1:
            assert first == 1
            continue
        titles = [one.cell(last, at).value for at in range(1, len(headers[-1].columns) + 1)]
        assert titles == [column.title for column in headers[-1].columns]
        below = [one.cell(row, 1).value for row in range(last + 1, one.max_row + 1)]
        assert titles[0] not in below  # no other table of those titles follows


def by_sheet(form: ReportForm) -> list[list[BlockForm]]:
    """Return the tables of each sheet."""
    found: list[list[BlockForm]] = []
    for block in form.blocks:
        if block.sheet or not found:
            found.append([])
        found[-1].append(block)
    return found


def test_a_table_that_may_be_long_has_a_sheet_of_its_own_or_is_the_last_of_one() -> None:
    """Only the last table of a sheet has its titles on each page."""
    for name in ("recall_pack", "lot_trace"):
        long = [one for one in project().reports[name].blocks if "balance" not in one.source]
        last = [blocks[-1] for blocks in by_sheet(project().reports[name])]
        assert [one.source for one in long if one not in last] == []
    assert [one.title for one in sheets("recall_pack")] == [
        "Пакет отзыва", "Отгружено", "Баланс", "Движения",
    ]  # fmt: skip


@pytest.mark.parametrize("name", reports())
def test_texts_of_a_report_fit_into_their_columns_or_break_in_rows_high_enough(name: str) -> None:
    merged = {
        (found, at) for found in sheets(name, LONG) for one in found.merged_cells.ranges
        for at in one.cells
    }  # fmt: skip
    short = []
    for one in cells(name, LONG):
        text, found = str(one.value), one.parent
        if (
            one.data_type != "s"
            or (found, (one.row, one.column)) in merged
            or one.alignment.text_rotation
        ):
            continue
        width = found.column_dimensions[get_column_letter(one.column)].width
        lines = found.row_dimensions[one.row].height or one.font.size * 1.3
        room = width * 11 / one.font.size * round(lines / (one.font.size * 1.3))
        if one.alignment.wrap_text and len(text) > room + SPARE:
            short.append((one.coordinate, text, width, lines))
    assert short == []


def points(sheet: Any, size: int) -> float:
    """Return how large letters of a size are on A4 across, as the sheet is told to be printed."""
    widths = [
        sheet.column_dimensions[get_column_letter(at)].width
        for at in range(1, sheet.max_column + 1)
    ]
    pages, repeated = sheet.page_setup.fitToWidth, sheet.print_title_cols
    lead = sum(widths[: column_index_from_string(repeated[-1])]) if repeated else 0
    across = lead + (sum(widths) - lead) / pages
    return min(size, size * 784 / (across * 5.25))  # points of A4; of a character of a width


@pytest.mark.parametrize("name", reports())
@pytest.mark.parametrize("text", ["", LONG])
def test_the_letters_of_a_report_are_read_on_paper(name: str, text: str) -> None:
    body = project().reports[name].styles.get("body")
    for found in sheets(name, text):
        assert points(found, (body and body.size) or 11) >= LEAST


@pytest.mark.parametrize(
    ("mixes", "pages", "repeated"), [(14, 1, None), (40, 3, "$A:$G"), (80, 6, "$A:$G")]
)
def test_the_mixes_of_an_order_are_read_on_paper_however_many_they_are(
    mixes: int, pages: int, repeated: str | None
) -> None:
    found: Any = load_workbook(BytesIO(traced(project(), mixes))).active
    assert (found.page_setup.fitToWidth, found.print_title_cols) == (pages, repeated)
    assert points(found, 14) >= LEAST
    assert found.row_breaks.brk[0].id == found.max_row // 2 + 2  # an order begins a page
    first, second = (found.cell(row, 1).fill.start_color.rgb for row in (7, 8))
    assert (first, second) == ("00000000", "00C5D0E6")
    titles = [found.cell(1, column) for column in range(1, 6)]
    assert [one.alignment.text_rotation for one in titles] == [0, 45, 45, 45, 0]
    assert [one.value for one in titles[1:4]] == ["Производитель", "Тип сырья", "Общая масса, кг"]


def test_a_total_of_many_rows_has_room_in_a_column_that_was_made_narrow() -> None:
    """Nobody reads a sum that is printed as «###»."""
    found: Any = load_workbook(BytesIO(traced(project(), mixes=20, lots=100))).active
    assert found["H107"].value == "=SUM(H7:H106)"  # 21666.700 under 216.667
    assert found.column_dimensions["H"].width >= len("21666.700") * 14 / 11 + 2  # with its margins


def test_libreoffice_prints_every_report_and_document_whole(
    soffice_path: str, tmp_path: Path
) -> None:
    made = [tmp_path / f"{name}.xlsx" for name in reports()]
    for path in made:
        path.write_bytes(written(path.stem))
    for name in project().documents:
        place = ROOT / "templates" / name
        sample, _ = read_tree("sample.yaml", (place / "sample.yaml").read_text("utf-8"))
        made.append(tmp_path / f"{name}.docx")
        made[-1].write_bytes(print_document((place / "layout.docx").read_bytes(), sample.data))
    long = tmp_path / "long.xlsx"
    long.write_bytes(report_file(project(), "recall_pack", 60))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice_path, "--headless", profile, "--convert-to", "pdf", "--outdir"]
    subprocess.run(
        [*command, str(tmp_path), *map(str, [*made, long])],
        check=True,
        capture_output=True,
        timeout=240,
    )
    _repeats_its_headers(long.with_suffix(".pdf"))
    for path in made:
        with PdfDocument(path.with_suffix(".pdf")) as document:
            pages = [page.get_textpage().get_text_range() for page in document]
            sizes = {page.get_size() for page in document}
        words = re.sub(r"\s+", "", "".join(pages))
        assert len(sizes) == 1, path.name
        if path.suffix == ".docx":
            assert len(pages) == 1, path.name
            continue
        assert len(pages) <= PAGES.get(path.stem, 5), path.name
        lost = {
            one
            for one in titles(project().reports[path.stem])
            if re.sub(r"\s", "", one) not in words
        }
        assert not lost or project().reports[path.stem].is_form, path.name
        assert "#" not in words.replace("№", ""), path.name  # a number wider than its column
        assert not re.search(r"Err:|#REF|#NAME|#VALUE", words), path.name


def _repeats_its_headers(path: Path) -> None:
    """Every page of the first table and of the last one has its titles, no other page does."""
    with PdfDocument(path) as document:
        pages = [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]
    told = []
    for block in (project().reports["recall_pack"].blocks[at] for at in (0, -1)):
        titles = [re.sub(r"\s", "", column.title) for column in block.columns]
        told.append([all(title in page for title in titles) for page in pages])
    first, last = told[0].index(False), told[1].index(True)
    assert (first > 1, last > first, len(pages) > last + 1) == (True, True, True)
    assert told[0] == [True] * first + [False] * (len(pages) - first)
    assert told[1] == [False] * last + [True] * (len(pages) - last)
