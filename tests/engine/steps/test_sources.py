"""Rows that a fact answered: only what is shown is made, since a title may ask facts."""

from __future__ import annotations

from engine.model.values import Row
from engine.steps.sources import Answered

ROWS = tuple(Row("raw_batch", str(number), f"2011/{number}") for number in range(60))


class Titles:
    """Titles of rows; remembers whose were made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, row: Row) -> str:
        self.made.append(row.id)
        return f"{row.title} – 500 кг"


def test_a_page_makes_the_titles_of_its_own_rows_alone():
    titles = Titles()
    page, total = Answered(ROWS, titles).page("", 8, 8)
    assert (total, page[0].title) == (60, "2011/8 – 500 кг")
    assert titles.made == [str(number) for number in range(8, 16)]


def test_a_row_by_its_code_makes_one_title_and_a_search_looks_at_all():
    titles = Titles()
    source = Answered(ROWS, titles)
    found = source.get("41")
    assert found is not None
    assert titles.made == ["41"]
    assert source.page("2011/5 ", 0, 8)[1] == 1
    assert len(source.exact("2011/5")) == 1
    assert source.get("99") is None
