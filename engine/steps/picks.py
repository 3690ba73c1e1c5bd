"""Ask to pick several rows: ticks in a list or a grid, or a slider that adds one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import ListOf, Type
from engine.expressions.written import Expression, Template, Title
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.text import Text, lines
from engine.model.values import Option, Row, Value
from engine.steps.base import Look, Outcome, Taken, View, refused, shortened, unrecognised
from engine.steps.sources import (
    Item,
    SourcedStep,
    number_in,
    place_of,
    pressed_number,
    word_in,
)
from engine.steps.ticks import TICKED, mark, miscounted, tick, tick_bounds, ticked, too_many

MOST = 1000  # rows that are looked at; no list of a plant is longer


class PicksStep(SourcedStep):
    """Ask to pick several rows. `- picks: sources` stores a list of rows under `sources`, in the
    order of picking.

    `view: carousel` is a slider: one row at a time with «Добавить» or «Убрать»; it does not turn
    round, and ends by itself when everything was added."""

    kind: ClassVar[str] = "picks"
    expects: ClassVar[str] = Message("кнопки списка, затем кнопка под ним")

    count: tuple[Expression, Expression] | None = Field(
        default=None, description="Least and most rows, as expressions; at least one when absent."
    )
    all: Title = Field(
        default="", max_length=40, description="Button that takes everything; none when empty."
    )
    done: Title = Field(
        default=Message("Готово"),
        min_length=1,
        max_length=40,
        description="Button that ends the question.",
    )
    ticked: Literal["", "all"] = Field(
        default="", description="`all`: everything is ticked at the start."
    )
    too_few: Template = Field(
        default="", description="Said when fewer are picked: «Отметьте хотя бы одну строку»."
    )
    at_end: Title = Field(
        default=Message("Дальше ничего нет"), description="Said at either end of a slider."
    )

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a list of records of the kind of the rows."""
        return ListOf(self.item_type(records))

    def expressions(self) -> tuple[str, ...]:
        """Return where the rows come from, what is left out, how many are wanted."""
        return (*super().expressions(), *(self.count or ()))

    def templates(self) -> tuple[str, ...]:
        """Return the texts of rows, of their absence, of too few."""
        return (*super().templates(), *((self.too_few,) if self.too_few else ()))

    def body(self, view: View) -> Text:
        """Say how many are picked; in a slider show the row."""
        items, query = self._items(view), word_in(view.look, "query")
        if not items:
            return self.emptiness(view)
        if view.look.get("searching"):
            return Text.of(Message("Введите часть названия"))
        chosen = self._ticked(view)
        count = Text.of(mark(len(chosen)))
        if query:
            return lines(count, Text.of(Message("Поиск «{query}»", {"query": query})))
        if self.view != "carousel":
            return count
        at = self._at(view, items)
        there = Text.of(Message("☑ добавлено")) if items[at].code in chosen else ""
        return lines(self.shown(items[at], at + 1, len(items), view), there, count)

    def keyboard(self, view: View) -> Keyboard:
        """Return the rows with their ticks, or the slider; then the buttons that end it."""
        items, chosen = self._items(view), self._ticked(view)
        if not items:
            return ((Button(Message("Обновить"), "list"),),)
        if view.look.get("searching"):
            return ((Button(Message("К списку"), "list"),),)
        if self.view == "carousel":
            rows = self._slider(view, items, chosen)
        else:
            query, start = word_in(view.look, "query"), number_in(view.look, "start")

            def ticked_or_not(item: Item) -> Button:
                return Button(tick(item.title, item.code in chosen), "tick", item.code)

            rows = self.pages(view, ticked_or_not, query=query, start=start)
        ends = [Button(self.all, "all")] if self.all and len(chosen) < len(items) else []
        return (*rows, (*ends, Button(self.done, "done")))

    def _slider(self, view: View, items: tuple[Item, ...], chosen: tuple[str, ...]) -> Keyboard:
        at, last = self._at(view, items), len(items) - 1
        code, place = items[at].code, place_of(at + 1, last + 1)
        turn = (
            Button("◀" if at else "⏹", "turn", str(at - 1) if at else "end"),
            Button(place, "turn", str(at)),
            Button("▶" if at < last else "⏹", "turn", str(at + 1) if at < last else "end"),
        )
        return (turn, (Button(Message("Убрать" if code in chosen else "Добавить"), "tick", code),))

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether every row is still in the list, and their count within its bounds."""
        if not isinstance(value, tuple):
            return False
        codes = tuple(item.code for item in value if isinstance(item, Option | Row))
        known = {item.code for item in self._items(view)}
        return known.issuperset(codes) and self._refusal(codes, view) is None

    def read(self, given: Input, view: View) -> Outcome:
        """Tick, untick, take everything or what is ticked; move through the rows."""
        if given.kind is Kind.PRESS:
            return self._pressed(given, view)
        if given.kind is not Kind.TEXT:
            return self.wrong(given)
        said = " ".join(given.said.split())
        exact_ones = self.source(view).exact(said)
        if len(exact_ones) == 1:
            return self._tick(exact_ones[0].code, view)
        if said and self.source(view).page(said, 0, 1)[1]:
            return self._looked(view, query=said)
        if self.unrecognised:
            return unrecognised(self, said, view)
        return Refusal("«{said}» нет в списке. Выберите кнопкой", {"said": shortened(said)})

    def _pressed(self, given: Input, view: View) -> Outcome:
        match given.act:
            case "tick":
                return self._tick(given.arg, view)
            case "all":
                return self._taken(tuple(item.code for item in self._items(view)), view)
            case "done":
                return self._taken(self._ticked(view), view)
            case "turn" if given.arg == "end":
                return Look(dict(view.look), self.at_end)
            case "turn":
                return self._looked(view, at=pressed_number(given.arg))
            case "page":
                query = word_in(view.look, "query")
                return self._looked(view, start=pressed_number(given.arg), query=query)
            case "search":
                return self._looked(view, searching=True)
            case "list":
                return self._looked(view)
            case _:
                return self.wrong(given)

    def _looked(self, view: View, **more: Value) -> Look:
        kept = {name: value for name, value in more.items() if value}
        return Look({TICKED: self._ticked(view), **kept})

    def _tick(self, code: str, view: View) -> Outcome:
        items, chosen = self._items(view), self._ticked(view)
        if code not in {item.code for item in items}:
            return Refusal("Этой строки больше нет в списке. Выберите другую")
        kept = {name: value for name, value in view.look.items() if name != TICKED}
        if code in chosen:
            return Look({**kept, TICKED: tuple(one for one in chosen if one != code)})
        _, most = self._bounds(view)
        if isinstance(most, Decimal) and len(chosen) >= most:
            return too_many(most)
        chosen = (*chosen, code)
        if self.view == "carousel":
            if len(chosen) == len(items):
                return self._taken(chosen, view)
            kept["at"] = _following(items, code, chosen)
        return Look({**kept, TICKED: chosen})

    def _taken(self, codes: tuple[str, ...], view: View) -> Outcome:
        by_code = {item.code: item.value for item in self._items(view)}
        refusal = self._refusal(codes, view)
        return refusal or Taken(tuple(by_code[code] for code in codes))

    def _items(self, view: View) -> tuple[Item, ...]:
        return self.source(view).page("", 0, MOST)[0]

    def _at(self, view: View, items: tuple[Item, ...]) -> int:
        return min(number_in(view.look, "at"), len(items) - 1)

    def _ticked(self, view: View) -> tuple[str, ...]:
        known = [item.code for item in self._items(view)]
        chosen = ticked(view)
        if chosen is None:
            return tuple(known) if self.ticked == "all" else ()
        return tuple(code for code in chosen if code in known)

    def _bounds(self, view: View) -> tuple[Value, Value]:
        return tick_bounds(self.count, MOST, view)

    def _refusal(self, codes: tuple[str, ...], view: View) -> Refusal | None:
        if not self.too_few:
            return miscounted(len(codes), self._bounds(view))
        return miscounted(
            len(codes), self._bounds(view), lambda _: refused(view.render(self.too_few))
        )


def _following(items: tuple[Item, ...], code: str, chosen: tuple[str, ...]) -> int:
    """Return the place of the next row that is not picked, after a row, then from the start."""
    codes = [item.code for item in items]
    at = codes.index(code)
    order = [*range(at + 1, len(codes)), *range(at)]
    return next((one for one in order if codes[one] not in chosen), at)
