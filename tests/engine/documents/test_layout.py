"""A report whose look is a form: a workbook drawn by hand is filled."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.documents.errors import BadLayout
from engine.documents.layout import Named, moved, names
from engine.documents.xlsx import render
from engine.model.values import Row
from tests.engine.documents.workbooks import book, layout, opened, report, stock, values

FORM = report("""
params: {number: {title: Номер, type: text}}
cells: {shipment: number, day: production_day()}
blocks:
  - source: stock()
    row: pallets
    empty: Паллет нет
    columns: [{title: Паллет, value: it.number}, {title: Нетто, value: it.kg}]
""")
CELLS = {
    "A1": "Отгрузка №",
    "B1": None,
    "C1": None,
    "A3": "Паллет",
    "B3": "Нетто",
    "C3": "Грамм",
    "C4": "=B4*1000",
    "A5": "Всего",
    "B5": "=SUM(B4:B4)",
    "A7": "Отпустил",
    "B7": "=B5/2",
}
NAMES = {"shipment": "$B$1", "day": "$C$1", "pallets": "$A$4:$B$4"}


def filled(rows: list[Row], cells: dict[str, Any] = CELLS, number: str = "18") -> Any:
    return opened(render(book(FORM, rows, number=number), layout(cells, NAMES)))


def test_the_named_cells_are_filled_and_the_row_is_copied_for_each_row() -> None:
    rows = [stock(str(at), kg=str(at)) for at in (1, 2, 3)]
    sheet = filled(rows)
    assert [row[:2] for row in values(sheet)] == [
        ["Отгрузка №", "18"],
        [None, None],
        ["Паллет", "Нетто"],
        ["1", 1],
        ["2", 2],
        ["3", 3],
        ["Всего", "=SUM(B4:B6)"],
        [None, None],
        ["Отпустил", "=B7/2"],
    ]
    assert [sheet.cell(row, 3).value for row in (4, 5, 6)] == ["=B4*1000", "=B5*1000", "=B6*1000"]


@pytest.mark.parametrize("count", [0, 1])
def test_without_rows_or_with_one_the_form_keeps_its_lines(count: int) -> None:
    sheet = filled([stock("7", kg="5")] * count)
    assert [cell.value for cell in sheet[4]][:2] == ([("7"), 5] if count else ["Паллет нет", None])
    assert sheet["B5"].value == "=SUM(B4:B4)"


def test_looks_heights_and_merged_cells_move_with_their_rows() -> None:
    from openpyxl.styles import Font

    workbook = load_workbook(BytesIO(layout(CELLS, NAMES)))
    sheet: Any = workbook.active
    sheet["A4"].font = Font(bold=True)
    sheet.row_dimensions[4].height, sheet.row_dimensions[7].height = 30, 50
    sheet.merge_cells("A7:C7")
    sheet.merge_cells("D4:E4")
    made = BytesIO()
    workbook.save(made)
    found = opened(render(book(FORM, [stock("1"), stock("2")], number="1"), made.getvalue()))
    assert [found.cell(row, 1).font.b for row in (4, 5, 6)] == [True, True, False]
    assert [found.row_dimensions[row].height for row in (4, 5, 7, 8)] == [30, 30, None, 50]
    assert {str(one) for one in found.merged_cells.ranges} == {"A8:C8", "D4:E4", "D5:E5"}


def test_a_cell_merged_from_the_row_downwards_covers_its_copies_and_nothing_is_under_it() -> None:
    workbook = load_workbook(BytesIO(layout({**CELLS, "D4": "вместе", "A5": None}, NAMES)))
    sheet: Any = workbook.active
    sheet.merge_cells("A4:A5")
    sheet.merge_cells("D4:D5")
    made = BytesIO()
    workbook.save(made)
    found = opened(render(book(FORM, [stock("1"), stock("2")], number="1"), made.getvalue()))
    assert {str(one) for one in found.merged_cells.ranges} == {"A4:A6", "D4:D6"}
    assert [found.cell(row, 1).value for row in (4, 5, 6)] == ["1", None, None]
    assert [found.cell(row, 4).value for row in (4, 5, 6)] == ["вместе", None, None]


def test_a_form_says_whose_it_is_where_its_layout_says_nothing() -> None:
    workbook = load_workbook(BytesIO(layout(CELLS, NAMES)))
    sheet: Any = workbook.active
    sheet.oddFooter.right.text = "своё"
    made = BytesIO()
    workbook.save(made)
    found = opened(render(book(FORM, [], number="1"), made.getvalue()))
    assert (found.oddHeader.left.text, found.oddFooter.left.text) != (None, None)
    assert found.oddFooter.right.text == "своё"


def test_what_a_person_typed_is_never_a_formula_of_a_form() -> None:
    sheet = filled([stock("=1+1")], number="=2+2")
    assert [(sheet[at].value, sheet[at].data_type) for at in ("A4", "B1")] == [
        ("=1+1", "s"),
        ("=2+2", "s"),
    ]


def test_what_a_person_typed_beside_a_row_is_no_formula_in_its_copies() -> None:
    beside = NAMES | {"shipment": "$C$4"}
    made = render(book(FORM, [stock("1"), stock("2")], number="=2+2"), layout(CELLS, beside))
    sheet = opened(made)
    assert {(sheet[at].value, sheet[at].data_type) for at in ("C4", "C5")} == {("=2+2", "s")}


def test_the_names_of_a_layout_are_known_with_their_places() -> None:
    assert names(layout(CELLS, NAMES)) == {
        "shipment": Named("Лист", 1, 2, 1, 2),
        "day": Named("Лист", 1, 3, 1, 3),
        "pallets": Named("Лист", 4, 1, 4, 2),
    }


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadLayout, match="«pallets»"):
        render(book(FORM, [], number="1"), layout({}, {"shipment": "$A$1", "day": "$A$2"}))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(BadLayout, match="не книга Excel"):
        names(content)


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("=SUM(E5:E5)", "=SUM(E5:E7)"),
        ("=SUM($E$3:$E$5)*B2", "=SUM($E$3:$E$7)*B2"),
        ("=E5+E6", "=E5+E8"),
        ("=SUM(E6:E9)", "=SUM(E8:E11)"),
        ('=IF(A1>0,"E9",E9)', '=IF(A1>0,"E9",E11)'),
        ("=LOG10(E9)", "=LOG10(E11)"),
    ],
)
def test_formulas_follow_rows_that_were_put_in(formula: str, after: str) -> None:
    assert moved(formula, top=5, more=2) == after


@pytest.mark.parametrize(("merged", "cell"), [("A4:B4", "B4"), ("A3:A5", "A4"), ("A1:B2", "B1")])
def test_a_cell_that_a_merged_one_covers_is_refused_where_something_is_put_into_it(merged, cell):
    workbook = load_workbook(BytesIO(layout(CELLS, NAMES)))
    workbook.worksheets[0].merge_cells(merged)
    made = BytesIO()
    workbook.save(made)
    with pytest.raises(BadLayout, match=cell):
        render(book(FORM, [stock("1")], number="1"), made.getvalue())


def test_a_formula_with_a_bracket_too_many_is_refused() -> None:
    with pytest.raises(BadLayout, match="C9"):
        names(layout({**CELLS, "C9": "=)"}, NAMES))


@pytest.mark.parametrize("odd", ["$B$4:$A$4", "$A$0", "$A$5:$A$4"])
def test_a_name_of_no_range_is_not_there(odd: str) -> None:
    assert "odd" not in names(layout(CELLS, {**NAMES, "odd": odd}))
