"""Ask to pick a row of a catalogue or of a fact: pages, search, a carousel, a typed answer, a new
row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from engine.errors import Refusal
from engine.expressions.types import Type
from engine.expressions.written import Expression, Title, Written
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.text import Text
from engine.model.values import Option, Row, Value
from engine.steps.base import (
    Look,
    Outcome,
    Taken,
    View,
    in_rows,
    shortened,
    texts_allowed,
    unrecognised,
)
from engine.steps.options import OtherText
from engine.steps.sources import (
    Item,
    SourcedStep,
    number_in,
    place_of,
    pressed_number,
    word_in,
)

NEW_NAME = (2, 100)  # characters of a new row's name
LONGEST_TYPED = 200


class Choose(Written):
    """The button of a carousel that takes the row shown."""

    title: Title = Field(
        default=Message("Выбрать"), min_length=1, max_length=40, description="Title of the button."
    )
    when: Expression | None = Field(
        default=None, description="Only rows for which this holds may be chosen; knows `it`."
    )


def _titled(value: Any) -> Any:
    return {"title": value} if isinstance(value, str) else value


class PickStep(SourcedStep):
    """Ask to pick a row. `- pick: company` with `from: companies` stores the chosen row under
    `company`; `from: frozen_batches(material)` offers what the fact answers."""

    kind: ClassVar[str] = "pick"
    expects: ClassVar[str] = Message("выбор из списка")

    add: str = Field(
        default="",
        description="Kind of record made in the saving transaction for a typed new name. Only of a "
        "catalogue.",
    )
    other: OtherText | None = Field(default=None, description="A typed text is taken too.")
    choose: Annotated[Choose, BeforeValidator(_titled, json_schema_input_type=str | Choose)] = (
        Field(default=Choose(), description="Button of a carousel: a title, or {title, when}.")
    )

    @model_validator(mode="after")
    def _sound(self) -> PickStep:
        if self.add and self.is_fact:
            raise ValueError("«add» бывает только у справочника: from: имя")
        return self

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a record of the kind of the rows."""
        return self.item_type(records)

    def expressions(self) -> tuple[str, ...]:
        """Return where the rows come from, what is left out, which may be chosen."""
        return (*super().expressions(), *((self.choose.when,) if self.choose.when else ()))

    def body(self, view: View) -> Text:
        """Say what the buttons are: a search, its result, or a question about a typed name."""
        typed, query = word_in(view.look, "typed"), word_in(view.look, "query")
        if typed:
            return self._asked(typed, view)
        if view.look.get("searching"):
            return Text.of(Message("Введите часть названия"))
        source = self.source(view)
        if self.view == "carousel" and not query:
            return self._card(view)
        _, total = source.page(query, 0, 1)
        if query:
            return Text.of(
                Message("Поиск «{query}»: найдено {total}", {"query": query, "total": str(total)})
            )
        return Text() if total else self.emptiness(view)

    def _card(self, view: View) -> Text:
        items, total, at = self._turned(view)
        return self.shown(items[0], at + 1, total, view) if items else self.emptiness(view)

    def _turned(self, view: View) -> tuple[tuple[Item, ...], int, int]:
        """Return the row that a carousel shows, alone, how many there are, and its place."""
        at, source = number_in(view.look, "at"), self.source(view)
        _, total = source.page("", 0, 1)
        at = at % total if total else 0
        return source.page("", at, 1)[0], total, at

    def _asked(self, typed: str, view: View) -> Text:
        if self.unrecognised:
            return view.render(self.unrecognised, typed=typed)
        values = {"typed": typed}
        if self.other and not self.add:
            return Text.of(
                Message("«{typed}» нет в списке. Записать так или выбрать похожее?", values)
            )
        asked = (
            Message("Создать «{typed}»?", values)
            if self.add
            else Message("«{typed}» нет в списке.", values)
        )
        near = Text.of(" ") + Text.of(Message("Похожие есть в списке"))
        return Text.of(asked) + near if self.source(view).similar(typed) else Text.of(asked)

    def keyboard(self, view: View) -> Keyboard:
        """Return the page's rows and the buttons to move through them."""
        typed, query = word_in(view.look, "typed"), word_in(view.look, "query")
        if typed:
            return self._about(typed, view)
        if view.look.get("searching"):
            return ((Button(Message("К списку"), "list"),),)
        if self.view == "carousel" and not query:
            return self._turning(view)
        return self.pages(view, _button, query=query, start=number_in(view.look, "start"))

    def _turning(self, view: View) -> Keyboard:
        items, total, at = self._turned(view)
        if not items:
            return ((Button(Message("Обновить"), "list"),),)
        place = place_of(at + 1, total)
        turn = (
            Button("◀", "turn", str((at - 1) % total)),
            Button(place, "turn", str(at)),
            Button("▶", "turn", str((at + 1) % total)),
        )
        take = (Button(self.choose.title, "option", items[0].code),)
        rows = (turn,) if total > 1 else ()
        return (*rows, take) if self._may(items[0], view) else rows

    def _may(self, item: Item, view: View) -> bool:
        when = self.choose.when
        return when is None or view.evaluate(when, it=item.value) is True

    def _about(self, typed: str, view: View) -> Keyboard:
        similar = self.source(view).similar(typed)
        keep = Button(Message("Создать" if self.add else "Записать так"), "keep_typed")
        rows = [(keep,)] if self.add or self.other else []
        near = in_rows([_button(item) for item in similar if self._may(item, view)], view.say)
        return (*rows, *near, (Button(Message("Выбрать из списка"), "list"),))

    def stands_by(self, value: Value) -> tuple[tuple[str, str], ...]:
        """Return the row of a catalogue that was picked."""
        if self.is_fact or not isinstance(value, Option) or value.typed:
            return ()
        return ((self.from_, value.code),)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether the row is still in the list, or a typed name is still taken."""
        if isinstance(value, Option) and value.typed:
            return bool(self.add if value.new else self.other)
        if not isinstance(value, Option | Row):
            return False
        item = self.source(view).get(value.code)
        return item is not None and self._may(item, view)

    def read(self, given: Input, view: View) -> Outcome:
        """Take a pressed row or a typed title; move through the rows."""
        if given.kind is Kind.PRESS:
            return self._pressed(given, view)
        if given.kind is not Kind.TEXT:
            return self.wrong(given)
        said = " ".join(given.said.split())
        if not said or len(said) > LONGEST_TYPED:
            return texts_allowed(said, 1, LONGEST_TYPED) or self.wrong(given)
        exact = self.source(view).exact(said)
        if len(exact) == 1:
            return self._taken(exact[0], view)
        if exact:
            return Look({"query": said})
        if view.look.get("searching"):
            return self._searched(said, view)
        return self._typed(said, view)

    def _taken(self, item: Item, view: View) -> Outcome:
        if self._may(item, view):
            return Taken(item.value)
        return Refusal("«{title}» сейчас выбрать нельзя", {"title": shortened(item.title)})

    def _pressed(self, given: Input, view: View) -> Outcome:
        match given.act:
            case "option":
                item = self.source(view).get(given.arg)
                if item is None:
                    return Refusal("Этой строки больше нет в списке. Выберите другую")
                return self._taken(item, view)
            case "page":
                query = view.look.get("query")
                start = pressed_number(given.arg)
                return Look({"start": start, **({"query": query} if query else {})})
            case "turn":
                return Look({"at": pressed_number(given.arg)})
            case "search":
                return Look({"searching": True})
            case "list":
                return Look({})
            case "keep_typed" if word_in(view.look, "typed") and (self.add or self.other):
                return Taken(Option("", word_in(view.look, "typed"), new=bool(self.add)))
            case _:
                return self.wrong(given)

    def _searched(self, said: str, view: View) -> Outcome:
        if self.source(view).page(said, 0, 1)[1]:
            return Look({"query": said})
        return Refusal(
            "По «{said}» ничего не нашлось. Попробуйте короче", {"said": shortened(said)}
        )

    def _typed(self, said: str, view: View) -> Outcome:
        bounds = self.other.text if self.other else NEW_NAME
        if self.add or self.other:
            refusal = texts_allowed(said, *bounds)
            if refusal is not None:
                return refusal
        similar = self.source(view).similar(said)
        if self.other and not similar:
            return Taken(Option("", said))
        if self.add or similar:
            return Look({"typed": said})
        if self.unrecognised:
            return unrecognised(self, said, view)
        return Refusal("«{said}» нет в списке. Выберите кнопкой", {"said": shortened(said)})


def _button(item: Item) -> Button:
    return Button(item.title, "option", item.code)
