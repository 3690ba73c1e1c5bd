"""A report's values make a workbook: read back cell by cell."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from engine.documents.xlsx import render
from engine.errors import EngineError
from engine.model.values import Option, show
from tests.engine.documents.workbooks import book, opened, report, stock, values, written

ALL = report("""
blocks:
  - source: stock()
    columns:
      - {title: Номер, value: it.number}
      - {title: Масса, value: it.kg}
      - {title: Жир, value: it.fat}
      - {title: День, value: it.day}
      - {title: Время, value: it.at}
      - {title: Возраст, value: it.age}
      - {title: Проверено, value: it.checked}
      - {title: Кондиция, value: it.condition}
      - {title: Вид, value: it.material}
      - {title: Часы, value: it.clock}
""")


def test_cells_hold_real_numbers_dates_and_texts() -> None:
    sheet = written(ALL, [stock("2411/3", kg="18250.505", fat=Decimal("17.80"))])
    assert [cell.value for cell in sheet[2]] == [
        "2411/3",
        18250.505,
        17.8,
        datetime(2026, 11, 20),  # noqa: DTZ001 - a cell knows no zone
        datetime(2026, 11, 24, 8, 5, 30),  # noqa: DTZ001
        timedelta(hours=26, minutes=30),
        "Да",
        "Замороженное",
        "Каркас",
        time(7, 30),
    ]


def test_a_column_has_the_digits_of_its_unit_and_dates_as_people_write_them() -> None:
    sheet = written(ALL, [stock("1", fat=Decimal(1))])
    assert [cell.number_format for cell in sheet[2]] == [
        *("General", "0.000", "0.00", "dd.mm.yyyy", "dd.mm.yyyy hh:mm", "[h]:mm"),
        *("General", "General", "General", "hh:mm"),
    ]


def test_what_is_not_given_is_an_empty_cell() -> None:
    sheet = written(ALL, [stock("1", day=None, at=None, age=None, checked=None)])
    assert [cell.value for cell in sheet[2]][2:7] == [None] * 5


@pytest.mark.parametrize(
    "text", ["=1+1", "+7 900", "-18", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "#N/A"]
)
def test_what_a_person_typed_is_never_a_formula(text: str) -> None:
    cell = written(ALL, [stock(text)])["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix is (text != "#N/A")


def test_a_day_before_the_calendar_of_excel_is_a_text() -> None:
    for form in (ALL, PLAIN):
        sheet = written(form, [stock("1", day=date(1899, 12, 31))])
        assert "31.12.1899" in [cell.value for cell in sheet[2]]


def test_letters_that_a_file_cannot_hold_are_dropped() -> None:
    assert written(ALL, [stock("a\x07b\ud800\r\nc")])["A2"].value == "ab\nc"


def test_the_sheet_is_ready_to_print() -> None:
    sheet = written(ALL, [stock("1")])
    assert (sheet.title, sheet.freeze_panes, sheet.print_title_rows) == ("Сырьё", "A2", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    head, foot = sheet.oddHeader, sheet.oddFooter
    said = [head.left.text, head.center.text, head.right.text, foot.left.text, foot.center.text]
    assert said == ["Учебный завод", "Сырьё", "24.11.2026", "Орлова М. С.", "24.11.2026 08:05"]
    assert foot.right.text == "Страница &P из &N"


def test_an_ampersand_of_a_name_is_no_code_of_a_header() -> None:
    content = render(replace(book(ALL), plant="Рога & Копыта"))
    with ZipFile(BytesIO(content)) as package:
        sheet = unescape(package.read("xl/worksheets/sheet1.xml").decode())
    assert "Рога && Копыта" in sheet


def test_a_column_is_as_wide_as_its_longest_text_up_to_sixty_characters() -> None:
    sheet = written(ALL, [stock("1", material="Ж" * 30), stock("Д" * 200)])
    assert sheet.column_dimensions["I"].width == 32
    assert sheet.column_dimensions["A"].width == 62
    assert sheet["A3"].alignment.wrap_text is True


def test_every_cell_of_a_table_has_thin_borders_and_the_header_is_bold() -> None:
    sheet = written(ALL, [stock("1")])
    assert {cell.border.left.style for row in sheet.iter_rows() for cell in row} == {"thin"}
    assert sheet["A1"].font.b
    assert not sheet["A2"].font.b


def test_totals_are_formulas_over_the_rows() -> None:
    form = report("""
blocks:
  - source: stock()
    total: Всего
    columns:
      - {title: Номер, value: it.number}
      - {title: Штук, value: it.number, total: count}
      - {title: Масса, name: kg, value: it.kg, total: sum}
      - {title: Резерв, name: taken, value: it.reserved, total: sum}
      - title: Доля
        formula: taken / kg * 100 if kg > 0 else 0
        format: 0.0 %
        total: taken / kg * 100 if kg > 0 else 0
""")
    sheet = written(form, [stock("1"), stock("2", kg="20")])
    assert [cell.value for cell in sheet[3]][-1] == "=IF((C3>0),((D3/C3)*100),0)"
    assert [cell.value for cell in sheet[4]] == [
        *("Всего", "=COUNTA(B2:B3)", "=SUM(C2:C3)", "=SUM(D2:D3)", "=IF((C4>0),((D4/C4)*100),0)"),
    ]
    assert sheet["E4"].number_format == '0.0" %"'
    assert sheet["C4"].number_format == "0.000"
    assert sheet["B4"].number_format == "0"
    assert sheet["C4"].font.b


def test_without_rows_the_words_say_so_and_totals_are_zero() -> None:
    form = report("""
blocks:
  - source: stock()
    empty: Сырья нет
    columns: [{title: Номер, value: it.number}, {title: Масса, value: it.kg, total: sum}]
""")
    assert values(written(form)) == [["Номер", "Масса"], ["Сырья нет", None], ["Итого", 0]]


GROUPS = """
styles: {body: {size: 12, align: center}, lead: {colour: FF0000}}
blocks:
  - source: stock()
    order: [it.material.name, it.kg desc]
    group: {by: it.material, first: lead, columns: [number, material]}
    columns:
      - {title: ID, name: number, value: it.number}
      - {title: Вид, name: material, value: it.material.name}
      - {title: Масса, value: it.kg, total: sum}
"""


def test_rows_stand_in_order_and_the_first_of_each_group_has_its_style() -> None:
    rows = [stock("1", "каркас", "5"), stock("2", "Бедро", "6"), stock("3", "каркас", "7")]
    sheet = written(report(GROUPS), rows)
    assert [row[0] for row in values(sheet)] == ["ID", "2", "3", "1", "Итого"]
    red = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.font.color}
    assert red == {"A2", "B2", "A3", "B3"}
    assert {cell.font.sz for row in sheet.iter_rows() for cell in row} == {12}
    assert sheet["A4"].alignment.horizontal == "center"
    assert sheet["C5"].value == "=SUM(C2:C4)"


def test_groups_named_in_the_report_are_all_there_and_totals_count_nothing_twice() -> None:
    form = report("""
blocks:
  - source: stock()
    total: "Суммарный итог:"
    group: {by: it.condition, titles: {chilled: Охлаждённое, frozen: Замороженное}, total: "Итог:"}
    columns: [{title: ID, value: it.number}, {title: Масса, value: it.kg, total: sum}]
""")
    other = Option("dry", "Сухое")
    rows = [stock("1"), stock("2", condition=other), stock("3")]
    assert values(written(form, rows)) == [
        ["ID", "Масса"],
        ["Охлаждённое", None],
        ["Итог:", 0],
        ["Замороженное", None],
        ["1", 10],
        ["3", 10],
        ["Итог:", "=SUBTOTAL(9,B5:B6)"],
        ["2", 10],
        ["Итог:", "=SUBTOTAL(9,B8:B8)"],
        ["Суммарный итог:", "=SUBTOTAL(9,B2:B9)"],
    ]


def test_a_group_may_be_captioned_by_its_first_row() -> None:
    form = report("""
blocks:
  - source: stock()
    group: {by: it.material, caption: "Вид: {it.material.name}"}
    columns: [{title: ID, value: it.number}, {title: Масса, value: it.kg, total: count}]
""")
    sheet = written(form, [stock("1"), stock("2", "Бедро"), stock("3")])
    assert [row[0] for row in values(sheet)] == [
        *("ID", "Вид: Каркас", "1", "3", "Вид: Бедро", "2", "Итого"),
    ]
    assert sheet["B7"].value == "=COUNTA(B3:B4,B6:B6)"
    assert "A2:B2" in {str(merged) for merged in sheet.merged_cells.ranges}


PIVOT = """
blocks:
  - source: stock()
    columns: [{title: Партия, value: it.number}, {title: Вид, value: it.material.name}]
    pivot: {by: it.mix, title: "Замес {it.mix}", cell: it.kg, total: sum, across: Всего}
"""


def test_a_pivot_makes_columns_of_rows_and_adds_what_meets() -> None:
    rows = [
        stock("1", kg="0.1", mix=10),
        stock("2", kg="3", mix=2),
        stock("1", kg="0.2", mix=10),
        stock("1", kg="4", mix=2),
    ]
    sheet = written(report(PIVOT), rows)
    assert values(sheet) == [
        ["Партия", "Вид", "Замес 2", "Замес 10", "Всего"],
        ["1", "Каркас", 4, 0.3, "=SUM(C2:D2)"],
        ["2", "Каркас", 3, None, "=SUM(C3:D3)"],
        ["Итого", None, "=SUM(C2:C3)", "=SUM(D2:D3)", "=SUM(E2:E3)"],
    ]
    assert sheet["D2"].number_format == "0.000"


def test_a_pivot_without_rows_is_an_empty_table() -> None:
    assert values(written(report(PIVOT))) == [["Партия", "Вид", "Всего"], ["Итого", None, 0]]


def test_blocks_stand_below_each_other_with_captions_and_gaps() -> None:
    form = report("""
params: {condition: {title: Кондиция, type: "choice(chilled, frozen)?"}}
blocks:
  - source: stock()
    columns: [{title: ID, value: it.number}, {title: Масса, value: it.kg}]
  - source: stock()
    where: it.kg > 5
    filters: {condition: it.condition}
    gap: 2
    caption: Отобрано
    header: false
    columns: [{title: ID, value: it.number}, {title: Масса, value: it.kg}]
""")
    chilled = Option("chilled", "Охлаждённое")
    rows = [stock("1", condition=chilled), stock("2", kg="5", condition=chilled), stock("3")]
    head = [["ID", "Масса"], ["1", 10], ["2", 5], ["3", 10], [None, None], [None, None]]
    caption = ["Отобрано", None]
    assert values(written(form, rows)) == [*head, caption, ["1", 10], ["3", 10]]
    assert values(written(form, rows, condition=chilled)) == [*head, caption, ["1", 10]]


def test_titles_captions_and_the_file_know_the_parameters() -> None:
    form = report("""
file: "Движение {period} {number}.xlsx"
params: {period: {title: Период, type: period}, number: {title: Номер, type: text}}
blocks:
  - source: made(period)
    caption: "За {period.first}"
    columns: [{title: "Масса за {period}", value: it.kg}]
""")
    made = book(form, [stock("1")], number="2411/3")
    assert made.file == "Движение 24.11.2026 2411-3.xlsx"
    assert values(opened(render(made))) == [["За 24.11.2026"], ["Масса за 24.11.2026"], [10]]


def test_a_period_may_be_a_day_that_was_asked_for() -> None:
    form = report("""
params: {period: {title: Период, type: period}}
cells: {ends: period.ends}
blocks: [{source: made(period), columns: [{title: ID, value: it.number}]}]
""")
    made = book(form, [], period=date(2026, 11, 1))
    assert (made.period, show(made.cells["ends"])) == ("01.11.2026", "02.11.2026 07:00")


@pytest.mark.parametrize(
    ("given", "words"), [({}, "number is not given"), ({"x": 1, "number": "1"}, "no parameter x")]
)
def test_a_parameter_that_is_missing_or_unknown_is_our_bug(
    given: dict[str, str], words: str
) -> None:
    form = report("""
params: {number: {title: Номер, type: text}}
blocks: [{source: stock(), columns: [{title: ID, value: it.number}]}]
""")
    with pytest.raises(EngineError, match=words):
        book(form, [], **given)


def test_a_value_that_cannot_be_computed_fails_the_report_and_names_the_row() -> None:
    form = report("blocks: [{source: stock(), columns: [{title: ID, value: it.kg / it.fat}]}]")
    with pytest.raises(EngineError, match="2411/3"):
        book(form, [stock("2411/3")])


def test_the_newest_may_come_first_and_what_is_not_given_comes_last() -> None:
    form = report("""
blocks: [{source: stock(), order: [it.day desc], columns: [{title: ID, value: it.number}]}]
""")
    days = {"a": None, "b": date(2026, 11, 1), "c": date(2026, 11, 2)}
    sheet = written(form, [stock(number, day=day) for number, day in days.items()])
    assert [row[0] for row in values(sheet)] == ["ID", "c", "b", "a"]


def test_a_header_may_be_turned_and_coloured() -> None:
    form = report("""
styles: {up: {rotation: 90, fill: C5D0E6, bold: false, border: medium}}
blocks: [{source: stock(), columns: [{title: Очень длинный заголовок, style: up, value: it.mix}]}]
""")
    sheet = written(form, [stock("1")])
    look = sheet["A1"]
    assert (look.alignment.textRotation, look.fill.start_color.rgb) == (90, "00C5D0E6")
    assert (look.border.left.style, look.font.b) == ("medium", False)
    assert sheet.column_dimensions["A"].width == 7


def test_a_width_that_was_asked_for_is_kept() -> None:
    form = report("blocks: [{source: stock(), columns: [{title: И, width: 30, value: it.mix}]}]")
    assert written(form, [stock("1")]).column_dimensions["A"].width == 32


PLAIN = report("""
plain: true
blocks:
  - source: stock()
    columns:
      - {title: Номер, value: it.number}
      - {title: Масса, value: it.kg}
      - {title: День, value: it.day}
      - {title: Время, value: it.at}
      - {title: Возраст, value: it.age}
      - {title: Проверено, value: it.checked}
      - {title: Жир, value: it.fat}
      - {title: Часы, value: it.clock}
""")


def test_a_plain_list_holds_the_same_values_and_formats() -> None:
    sheet = written(PLAIN, (stock(number, kg="18250.505") for number in ("=1+1", "2")))
    assert [cell.value for cell in sheet[2]] == [
        "=1+1",
        18250.505,
        datetime(2026, 11, 20),  # noqa: DTZ001
        datetime(2026, 11, 24, 8, 5, 30),  # noqa: DTZ001
        timedelta(hours=26, minutes=30),
        "Да",
        None,
        time(7, 30),
    ]
    formats = [cell.number_format for cell in sheet[2]]
    assert formats[1:5] == ["0.000", "dd.mm.yyyy", "dd.mm.yyyy hh:mm", "[h]:mm"]
    assert sheet["A2"].data_type == "s"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:H3")


def test_a_plain_list_without_rows_still_has_its_titles() -> None:
    assert values(written(PLAIN))[0] == [
        *("Номер", "Масса", "День", "Время", "Возраст", "Проверено", "Жир", "Часы"),
    ]


def test_two_columns_of_one_title_are_no_plain_list() -> None:
    form = report("""
plain: true
blocks: [{source: stock(), columns: [{title: А, value: it.kg}, {title: А, value: it.mix}]}]
""")
    with pytest.raises(EngineError, match="one title"):
        written(form, [stock("1")])


def test_formulas_are_computed_when_the_file_is_opened() -> None:
    workbook = load_workbook(BytesIO(render(book(ALL, [stock("1")]))))
    assert workbook.calculation.fullCalcOnLoad
    assert workbook.properties.creator == "Орлова М. С."


def test_libreoffice_opens_the_workbook_and_computes_its_totals(
    soffice_path: str, tmp_path: Path
) -> None:
    rows = [stock("1", kg="18250.505"), stock("2", "Бедро", "0.495"), stock("=1+1", kg="4")]
    (tmp_path / "report.xlsx").write_bytes(render(book(report(GROUPS), rows)))
    command = [soffice_path, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76", "--outdir"]
    subprocess.run(
        [*command, str(tmp_path), str(tmp_path / "report.xlsx")],
        capture_output=True,
        timeout=240,
        check=True,
    )
    read = (tmp_path / "report.csv").read_text("utf-8").splitlines()
    assert read[1:] == [
        "2;Бедро;0.495",
        "1;Каркас;18250.505",
        "=1+1;Каркас;4.000",
        "Итого;;18255.000",
    ]


def test_a_computed_column_is_wide_enough_for_what_it_gives() -> None:
    form = report("""
blocks:
  - source: stock()
    columns:
      - {title: А, name: kg, value: it.kg}
      - {title: Б, formula: kg * 1000}
""")
    assert (written(form, [stock("1")]).column_dimensions["B"].width or 0) >= 12


def test_a_row_is_as_high_as_the_text_that_breaks_in_it() -> None:
    form = report("blocks: [{source: stock(), columns: [{title: А, value: it.number}]}]")
    sheet = written(form, [stock("короткий"), stock("слово " * 30)])
    assert sheet.row_dimensions[2].height is None
    assert sheet.row_dimensions[3].height == pytest.approx(3 * 11 * 1.3)


def test_blocks_stand_once_for_each_row_that_they_repeat_for() -> None:
    form = report("""
each: {source: stock(), gap: 2, empty: Пусто}
blocks:
  - source: stock()
    where: it.number == each.number
    caption: "Партия {each.number}"
    columns: [{title: А, value: it.number}]
""")
    assert [row[0] for row in values(written(form, [stock("1"), stock("2")]))] == [
        "Партия 1", "А", "1", None, None, "Партия 2", "А", "2",
    ]  # fmt: skip
    assert values(written(form, [])) == [["Пусто"]]


def test_a_table_begins_a_sheet_and_a_list_without_a_look_has_one() -> None:
    text = """
blocks:
  - {source: stock(), columns: [{title: А, value: it.number}]}
  - {sheet: Вторые, source: stock(), columns: [{title: Б, value: it.number}]}
"""
    made = load_workbook(BytesIO(render(book(report(text), [stock("1")]))))
    assert made.sheetnames[1:] == ["Вторые"]
    assert [[*one.values] for one in made.worksheets] == [[("А",), ("1",)], [("Б",), ("1",)]]
    assert [one.print_title_rows for one in made.worksheets] == ["$1:$1", "$1:$1"]
    with pytest.raises(ValueError, match="один лист"):
        report(f"plain: true{text}")


def test_a_form_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="бланк не повторяется"):
        report("""
each: {source: stock()}
blocks: [{source: stock(), row: pallets, columns: [{title: А, value: it.number}]}]
""")


def test_several_cells_stand_above_each_column_of_a_pivot() -> None:
    form = report("""
blocks:
  - source: stock()
    pivot:
      by: it.mix
      heads: [{text: Замес, rows: 2}, {text: "{it.mix}"}]
      cell: it.kg
      across: Всего
    columns: [{title: А, value: it.number}]
""")
    sheet = written(form, [stock("1", mix=1), stock("1", mix=2)])
    assert values(sheet)[:4] == [
        ["А", "Замес", "Замес", "Всего"],
        [None] * 4,
        [None, "1", "2", None],
        ["1", 10, 10, "=SUM(B4:C4)"],
    ]
    merged = {str(one) for one in sheet.merged_cells.ranges}
    assert merged == {"A1:A3", "B1:B2", "C1:C2", "D1:D3"}
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A4", "$1:$3")


def test_rows_are_as_high_as_large_turned_and_broken_letters_need() -> None:
    form = report("""
styles: {body: {size: 14}, up: {rotation: 90}}
blocks:
  - source: stock()
    columns:
      - {title: Температура при выгрузке, value: it.mix}
      - {title: Сепаратор и режим, value: it.mix, style: up}
""")
    heights = [written(form, [stock("1")]).row_dimensions[row].height or 0 for row in (1, 2)]
    assert heights[0] >= len("Сепаратор и режим") * 14 * 0.7
    assert heights[1] >= 14 * 1.2
    plain = report("blocks: [{source: stock(), columns: [{title: А, value: it.mix}]}]")
    assert written(plain, [stock("1")]).row_dimensions[2].height is None
