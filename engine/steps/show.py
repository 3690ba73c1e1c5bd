"""Show something and go on: pages of text, or rows one at a time. Nothing is asked or stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, model_validator

from engine.expressions.types import Truth, Type
from engine.expressions.written import Template, Title
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.text import Text
from engine.model.values import Value
from engine.steps.base import Look, Outcome, Taken, View
from engine.steps.sources import RowsStep, number_in, place_of, pressed_number


class ShowStep(RowsStep):
    """Show something. `- show: vet_result` with a prompt and the button «Дальше»; it is no field.

    With `pages:` several texts are turned with «◀» and «▶»; with `from:` a fact and `card:` its
    rows, one at a time."""

    kind: ClassVar[str] = "show"
    expects: ClassVar[str] = Message("кнопка под сообщением")
    keeps: ClassVar[bool] = False

    from_: str = Field(
        default="", alias="from", description="A fact that answers a list: its rows are shown."
    )
    pages_: tuple[Template, ...] = Field(
        default=(), alias="pages", description="Texts to turn, one at a time."
    )
    button: Title = Field(
        default=Message("Дальше"), min_length=1, max_length=40, description="Button that goes on."
    )

    @model_validator(mode="after")
    def _one_thing(self) -> ShowStep:
        if self.from_ and not self.is_fact:
            raise ValueError("показывают строки факта: from: имя(…)")
        if self.from_ and self.pages_:
            raise ValueError("нужно одно из двух: «pages:» или «from:»")
        if self.from_ and not self.card:
            raise ValueError("к «from:» нужна «card:»: текст одной строки")
        return self

    def result(self, records: Mapping[str, str]) -> Type:
        """Return whether it was seen; no expression reads it."""
        return Truth()

    def expressions(self) -> tuple[str, ...]:
        """Return the fact, if there is one."""
        return super().expressions() if self.from_ else ()

    def templates(self) -> tuple[str, ...]:
        """Return the pages and the text of a row."""
        return (*self.pages_, *(super().templates() if self.from_ else ()))

    def body(self, view: View) -> Text:
        """Return the present page or row."""
        count = self._count(view)
        if not count:
            return self.emptiness(view) if self.from_ else Text()
        at = number_in(view.look, "at") % count
        if self.pages_:
            return view.render(self.pages_[at])
        return self.shown(self.source(view).page("", at, 1)[0][0], at + 1, count, view)

    def keyboard(self, view: View) -> Keyboard:
        """Return the buttons that turn, and the one that goes on."""
        count = self._count(view)
        on = (Button(self.button, "next"),)
        if count < 2:
            return (on,)
        at = number_in(view.look, "at") % count
        place = Button(place_of(at + 1, count), "turn", str(at))
        before = Button("◀", "turn", str((at - 1) % count))
        after = Button("▶", "turn", str((at + 1) % count))
        return ((before, place, after), on)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether it was seen."""
        del view
        return value is True

    def read(self, given: Input, view: View) -> Outcome:
        """Turn, or go on."""
        del view
        if given.kind is Kind.PRESS and given.act == "next":
            return Taken(True)
        if given.kind is Kind.PRESS and given.act == "turn":
            return Look({"at": pressed_number(given.arg)})
        return self.wrong(given)

    def _count(self, view: View) -> int:
        if self.pages_:
            return len(self.pages_)
        return self.source(view).page("", 0, 1)[1] if self.from_ else 0
