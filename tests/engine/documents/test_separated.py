"""The rows of a report as CSV."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from engine.documents.separated import render_csv
from engine.model.values import Row
from tests.engine.documents.workbooks import book, report, stock


def rows(text: str, given: list[Row]) -> list[list[str]]:
    content = render_csv(book(report(text), given)).decode("utf-8-sig")
    return list(csv.reader(content.splitlines(), delimiter=";"))


def test_rows_of_all_blocks_come_with_decimal_commas_and_dates_of_people() -> None:
    text = """
blocks:
  - source: stock()
    caption: Сырьё
    columns:
      - {title: Номер, value: it.number}
      - {title: Масса, name: kg, value: it.kg, total: sum}
      - {title: День, value: it.day}
      - {title: Вдвое, formula: kg * 2}
  - source: stock()
    columns: [{title: Замес, value: it.mix}]
"""
    assert rows(text, [stock("1", kg="1.500", day=date(2026, 11, 3))]) == [
        ["Номер", "Масса", "День", "Вдвое"],
        ["1", "1,500", "03.11.2026", "3,000"],
        [],
        ["Замес"],
        ["1"],
    ]


@pytest.mark.parametrize("typed", ["=1+1", "+7", "-x", "@a"])
def test_a_text_that_looks_like_a_formula_gets_an_apostrophe(typed: str) -> None:
    text = "blocks: [{source: stock(), header: false, columns: [{title: Н, value: it.number}]}]"
    assert rows(text, [stock(typed)]) == [["'" + typed]]


def test_a_pivot_sums_its_rows() -> None:
    text = """
blocks:
  - source: stock()
    columns: [{title: Н, value: it.number}]
    pivot: {by: it.mix, cell: it.kg, across: Всего}
"""
    given = [stock("1", kg="1.5"), stock("1", kg="2", mix=2)]
    assert rows(text, given) == [["Н", "1", "2", "Всего"], ["1", "1,5", "2", "3,5"]]
