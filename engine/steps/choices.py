"""Ask to tick several of fixed options."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import ListOf, Type
from engine.expressions.written import Expression, Title
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.text import Text
from engine.model.values import Option, Value
from engine.steps.base import Look, Outcome, Taken, View, in_rows
from engine.steps.options import OptionsStep
from engine.steps.ticks import TICKED, mark, miscounted, tick, tick_bounds, ticked, too_many


class ChoicesStep(OptionsStep):
    """Ask to tick several options. `- choices: topics` stores a list of codes under `topics`.

    `again:` of an option has no meaning here."""

    kind: ClassVar[str] = "choices"
    expects: ClassVar[str] = Message("кнопки с галочками, затем «Готово»")

    count: tuple[Expression, Expression] | None = Field(
        default=None, description="Least and most ticks, as expressions; at least one when absent."
    )
    done: Title = Field(
        default=Message("Готово"),
        min_length=1,
        max_length=40,
        description="Button that ends the question.",
    )

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a list of choices."""
        return ListOf(self.type())

    def expressions(self) -> tuple[str, ...]:
        """Return the conditions of options and the bounds of their count."""
        return (*super().expressions(), *(self.count or ()))

    def body(self, view: View) -> Text:
        """Say how many are ticked."""
        return Text.of(mark(len(self._ticked(view))))

    def keyboard(self, view: View) -> Keyboard:
        """Return every option with its tick, and the button that ends the question."""
        there = self._ticked(view)
        rows = in_rows(
            [
                Button(tick(form.title, code in there), "tick", code)
                for code, form in self.offered(view).items()
            ],
            view.say,
        )
        return (*rows, (Button(self.done, "done"),))

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether every option is still offered, and their count within its bounds."""
        if not isinstance(value, tuple):
            return False
        codes = tuple(item.code for item in value if isinstance(item, Option))
        offered = self.offered(view)
        return all(code in offered for code in codes) and self._refusal(codes, view) is None

    def read(self, given: Input, view: View) -> Outcome:
        """Tick, untick, or take what is ticked."""
        there = self._ticked(view)
        if given.kind is Kind.PRESS and given.act == "done":
            refusal = self._refusal(there, view)
            return refusal or Taken(self._options(there, view))
        code = given.arg if given.kind is Kind.PRESS and given.act == "tick" else None
        if given.kind is Kind.TEXT:
            code = self.chosen(given.said, view)
            if code is None:
                return self.unknown(given.said.strip(), view)
        if code is None or code not in self.offered(view):
            return self.wrong(given)
        if code in there:
            return Look({TICKED: tuple(one for one in there if one != code)})
        _, most = self._bounds(view)
        if isinstance(most, Decimal) and len(there) >= most:
            return too_many(most)
        return Look({TICKED: (*there, code)})

    def _ticked(self, view: View) -> tuple[str, ...]:
        return tuple(code for code in ticked(view) or () if code in self.offered(view))

    def _options(self, codes: tuple[str, ...], view: View) -> tuple[Option, ...]:
        offered = self.offered(view).items()
        return tuple(Option(code, form.title) for code, form in offered if code in codes)

    def _bounds(self, view: View) -> tuple[Value, Value]:
        return tick_bounds(self.count, len(self.options), view)

    def _refusal(self, codes: tuple[str, ...], view: View) -> Refusal | None:
        return miscounted(len(codes), self._bounds(view))
