"""Where a pick gets its rows: a catalogue of the database, or a list that a fact answers. No kind
of step. Start at `SourcedStep.source`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, Protocol

from pydantic import Field, model_validator

from engine.expressions.types import Record, Type
from engine.expressions.written import Expression, Template
from engine.languages.message import Message
from engine.model.conversation import Button, Keyboard
from engine.model.text import Text
from engine.model.values import Option, Row, Value
from engine.ports import Catalogues
from engine.steps.base import Step, View, in_rows, same_words

PAGE = 8  # rows on a page of a list (domain 3.17)
GRID, ACROSS = 40, 4  # cells on a page of a grid, in a row of it
SIMILAR, NEAR = 5, 0.5  # rows offered for a typed title, how near they must be


@dataclass(frozen=True, slots=True)
class Item:
    """A row to choose: its code, the title of its button, the value that is stored."""

    code: str
    title: str
    value: Option | Row


class Source(Protocol):
    """The rows that may be chosen now."""

    def page(self, query: str, start: int, count: int) -> tuple[tuple[Item, ...], int]:
        """Return rows whose title contains `query`, and how many there are in all."""
        ...

    def exact(self, title: str) -> tuple[Item, ...]:
        """Return the rows with this title after trimming and ignoring case."""
        ...

    def similar(self, title: str) -> tuple[Item, ...]:
        """Return the rows with the nearest titles, nearest first."""
        ...

    def get(self, code: str) -> Item | None:
        """Return the row with this code."""
        ...


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The active rows of a catalogue."""

    catalogues: Catalogues
    name: str

    def page(self, query: str, start: int, count: int) -> tuple[tuple[Item, ...], int]:
        """Return rows whose title contains `query`, and how many there are in all."""
        page = self.catalogues.page(self.name, query, start, count)
        return tuple(map(_item, page.options)), page.total

    def exact(self, title: str) -> tuple[Item, ...]:
        """Return the row with this title."""
        found = self.catalogues.exact(self.name, title)
        return (_item(found),) if found else ()

    def similar(self, title: str) -> tuple[Item, ...]:
        """Return the rows with the nearest titles."""
        return tuple(map(_item, self.catalogues.similar(self.name, title, SIMILAR)))

    def get(self, code: str) -> Item | None:
        """Return the row with this code."""
        found = self.catalogues.get(self.name, code)
        return _item(found) if found else None


def _item(option: Option) -> Item:
    return Item(option.code, option.title, option)


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows that a fact answered. A title is made when its row is shown or looked for: it may
    ask facts of its own."""

    rows: tuple[Row, ...]
    titled: Callable[[Row], str]

    def _item(self, row: Row) -> Item:
        return Item(row.id, self.titled(row), row)

    @property
    def _items(self) -> tuple[Item, ...]:
        return tuple(map(self._item, self.rows))

    def page(self, query: str, start: int, count: int) -> tuple[tuple[Item, ...], int]:
        """Return rows whose title contains `query`, and how many there are in all."""
        if not query:
            return tuple(map(self._item, self.rows[start : start + count])), len(self.rows)
        said = query.casefold()
        found = [item for item in self._items if said in item.title.casefold()]
        return tuple(found[start : start + count]), len(found)

    def exact(self, title: str) -> tuple[Item, ...]:
        """Return the rows with this title, or whose record has it."""
        return tuple(
            item
            for item in self._items
            if same_words(item.title, title) or same_words(item.value.title, title)
        )

    def similar(self, title: str) -> tuple[Item, ...]:
        """Return the rows with the nearest titles."""
        by_title = {item.title.casefold(): item for item in self._items}
        near = get_close_matches(title.casefold(), by_title, SIMILAR, NEAR)
        return tuple(by_title[one] for one in near)

    def get(self, code: str) -> Item | None:
        """Return the row with this code."""
        return next((self._item(row) for row in self.rows if row.id == code), None)


class RowsStep(Step):
    """Something about rows: where they come from and how one looks."""

    from_: Expression = Field(
        alias="from", description="A catalogue of the Vocabulary, or a fact that answers a list."
    )
    card: Template = Field(
        default="",
        description="Text of one row in a carousel; knows `it`, `index` (from 1), `count`. Only of "
        "a fact.",
    )
    exclude: Expression | None = Field(
        default=None, description="A list of records that are not offered. Only of a fact."
    )
    empty: Template = Field(
        default=Message("Список пуст"), description="What is shown when there is nothing to choose."
    )

    @property
    def is_fact(self) -> bool:
        """Tell whether the rows come from a fact."""
        return "(" in self.from_

    def expressions(self) -> tuple[str, ...]:
        """Return the fact and the list of what is left out."""
        found = (self.from_ if self.is_fact else None, self.exclude)
        return tuple(text for text in found if text)

    def templates(self) -> tuple[str, ...]:
        """Return the texts of rows and of their absence."""
        return tuple(text for text in (self.card, self.empty) if text)

    def item_type(self, records: Mapping[str, str]) -> Type:
        """Return the type of a row of a catalogue; the checker knows that of a fact."""
        return Record(records.get(self.from_, "?" if self.is_fact else self.from_))

    def source(self, view: View) -> Source:
        """Return the rows that may be chosen now."""
        if not self.is_fact:
            return Catalogue(view.reads.catalogues, self.from_)
        left_out = {_code(one) for one in _several(self.exclude, view)}
        rows = (row for row in _several(self.from_, view) if isinstance(row, Row))
        return Answered(
            tuple(row for row in rows if row.id not in left_out),
            lambda row: self.titled(row, view),
        )

    def titled(self, row: Row, view: View) -> str:
        """Return what the button of a row shows."""
        del view
        return row.title

    def shown(self, item: Item, index: int, count: int, view: View) -> Text:
        """Return the card of a row, `index` counting from 1."""
        if not self.card:
            return Text.of(item.title)
        return view.render(self.card, it=item.value, index=index, count=count)

    def emptiness(self, view: View) -> Text:
        """Return what is said when there is nothing to choose."""
        return view.render(self.empty)


class SourcedStep(RowsStep):
    """A question about rows, with the ways they may be laid out."""

    title: Template = Field(
        default="", description="Title of a row's button; knows the row as `it`. Only of a fact."
    )
    view: Literal["list", "grid", "carousel"] = Field(
        default="list",
        description="list: a button a row; grid: short buttons side by side; carousel: one row at "
        "a time.",
    )

    @model_validator(mode="after")
    def _of_a_fact(self) -> SourcedStep:
        wanted = self.title or self.card or self.exclude or self.view == "carousel"
        if wanted and not self.is_fact:
            raise ValueError(
                "«title», «card», «exclude» и карусель бывают только у факта: from: имя(…)"
            )
        return self

    def templates(self) -> tuple[str, ...]:
        """Return the texts of rows and of their absence."""
        return (*super().templates(), *((self.title,) if self.title else ()))

    def titled(self, row: Row, view: View) -> str:
        """Return what the button of a row shows."""
        return view.render(self.title, it=row).message if self.title else row.title

    def pages(
        self,
        view: View,
        button: Callable[[Item], Button],
        *,
        query: str = "",
        start: int = 0,
    ) -> Keyboard:
        """Return a page of rows, the buttons that turn it, search where there are many."""
        size = GRID if self.view == "grid" else PAGE
        items, total = self.source(view).page(query, start, size)
        buttons = [button(item) for item in items]
        if self.view == "grid":
            rows = [tuple(buttons[at : at + ACROSS]) for at in range(0, len(buttons), ACROSS)]
        else:
            rows = list(in_rows(buttons, view.say))
        if total > size:
            last = (total - 1) // size * size
            place = place_of(start // size + 1, last // size + 1)
            rows.append(
                (
                    Button("◀", "page", str(start - size if start else last)),
                    Button(place, "page", str(start)),
                    Button("▶", "page", str(start + size if start < last else 0)),
                )
            )
        if query:
            rows.append((Button(Message("К списку"), "list"),))
        elif total > size:
            rows.append((Button(Message("🔍 Найти"), "search"),))
        elif not total:
            rows.append((Button(Message("Обновить"), "list"),))
        return tuple(rows)


def _several(text: str | None, view: View) -> tuple[Value, ...]:
    found = view.evaluate(text) if text else None
    return found if isinstance(found, tuple) else ()


def _code(value: Value) -> str:
    return value.code if isinstance(value, Option | Row) else ""


def place_of(number: int, count: int) -> Message:
    """Write «3 из 12»."""
    return Message("{number} из {count}", {"number": str(number), "count": str(count)})


def number_in(look: Mapping[str, Value], key: str) -> int:
    """Return a whole number that a question remembers; 0 when it has none."""
    value = look.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def word_in(look: Mapping[str, Value], key: str) -> str:
    """Return a text that a question remembers; empty when it has none."""
    value = look.get(key)
    return value if isinstance(value, str) else ""


def pressed_number(arg: str) -> int:
    """Return the whole number of a button's argument."""
    return int(arg) if arg.isascii() and arg.isdigit() and len(arg) < 7 else 0
