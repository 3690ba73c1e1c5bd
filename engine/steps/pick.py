"""Ask to pick a row of a catalogue: pages, search, a typed answer, a new row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import Record, Type
from engine.expressions.written import Title
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.text import Text
from engine.model.values import Option, Value
from engine.steps.base import Look, Outcome, Step, Taken, View, in_rows, shortened, texts_allowed
from engine.steps.choice import Other

PAGE = 8  # options on a page (domain 3.17)
SIMILAR = 5
NEW_NAME = (2, 100)  # characters of a new row's name


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _page(number: int, count: int) -> Message:
    return Message("{number} из {count}", {"number": str(number), "count": str(count)})


def _word(value: Value) -> str:
    return value if isinstance(value, str) else ""


class PickStep(Step):
    """Ask to pick a row. `- pick: company` with `from: companies` stores the chosen row under
    `company`."""

    kind: ClassVar[str] = "pick"
    expects: ClassVar[str] = Message("выбор из списка")

    from_: str = Field(alias="from", description="A catalogue of the Vocabulary.")
    add: str = Field(
        default="",
        description="Kind of record made in the saving transaction for a typed new name.",
    )
    other: Other | None = Field(default=None, description="A typed answer is taken too.")
    empty: Title = Field(
        default=Message("Список пуст"), description="What is shown when there is nothing to pick."
    )

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a record of the catalogue's kind."""
        return Record(records.get(self.from_, self.from_))

    def body(self, view: View) -> Text:
        """Say what the buttons are: a search, its result, or a question about a typed name."""
        typed, query = _word(view.look.get("typed")), _word(view.look.get("query"))
        if typed:
            return self._asked(typed, view)
        if view.look.get("searching"):
            return Text.of(Message("Введите часть названия"))
        page = view.reads.catalogues.page(self.from_, query, 0, 1)
        if query:
            return Text.of(
                Message(
                    "Поиск «{query}»: найдено {total}", {"query": query, "total": str(page.total)}
                )
            )
        return Text() if page.total else Text.of(self.empty)

    def _asked(self, typed: str, view: View) -> Text:
        similar = view.reads.catalogues.similar(self.from_, typed, SIMILAR)
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
        return Text.of(asked) + near if similar else Text.of(asked)

    def keyboard(self, view: View) -> Keyboard:
        """Return the page's options and the buttons to move through the list."""
        typed = _word(view.look.get("typed"))
        if typed:
            return self._about(typed, view)
        if view.look.get("searching"):
            return ((Button(Message("К списку"), "list"),),)
        query, start = _word(view.look.get("query")), _number(view.look.get("start"))
        page = view.reads.catalogues.page(self.from_, query, start, PAGE)
        rows = list(_rows(page.options))
        if page.total > PAGE:
            last = (page.total - 1) // PAGE * PAGE
            rows.append(
                (
                    Button("◀", "page", str(start - PAGE if start else last)),
                    Button(_page(start // PAGE + 1, last // PAGE + 1), "page", str(start)),
                    Button("▶", "page", str(start + PAGE if start < last else 0)),
                )
            )
        if query:
            rows.append((Button(Message("К списку"), "list"),))
        elif page.total > PAGE:
            rows.append((Button(Message("🔍 Найти"), "search"),))
        return tuple(rows)

    def _about(self, typed: str, view: View) -> Keyboard:
        similar = view.reads.catalogues.similar(self.from_, typed, SIMILAR)
        keep = Button(Message("Создать" if self.add else "Записать так"), "keep_typed")
        rows = [(keep,)] if self.add or self.other else []
        return (*rows, *_rows(similar), (Button(Message("Выбрать из списка"), "list"),))

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether the row is still in the list, or a typed name is still taken."""
        if not isinstance(value, Option):
            return False
        if value.typed:
            return bool(self.add if value.new else self.other)
        return view.reads.catalogues.get(self.from_, value.code) is not None

    def read(self, given: Input, view: View) -> Outcome:
        """Take a pressed row or a typed title; move through the list."""
        if given.kind is Kind.PRESS:
            return self._pressed(given, view)
        if given.kind is not Kind.TEXT:
            return self.wrong(given)
        said = " ".join(given.said.split())
        if not said or len(said) > 200:
            return texts_allowed(said, 1, 200) or self.wrong(given)
        exact = view.reads.catalogues.exact(self.from_, said)
        if exact is not None:
            return Taken(exact)
        if view.look.get("searching"):
            return self._searched(said, view)
        return self._typed(said, view)

    def _pressed(self, given: Input, view: View) -> Outcome:
        match given.act:
            case "option":
                option = view.reads.catalogues.get(self.from_, given.arg)
                return (
                    Taken(option)
                    if option
                    else Refusal("Этой строки больше нет в списке. Выберите другую")
                )
            case "page":
                query = view.look.get("query")
                start = int(given.arg) if given.arg.isascii() and given.arg.isdigit() else 0
                return Look({"start": start, **({"query": query} if query else {})})
            case "search":
                return Look({"searching": True})
            case "list":
                return Look({})
            case "keep_typed" if _word(view.look.get("typed")):
                return Taken(Option("", _word(view.look.get("typed")), new=bool(self.add)))
            case _:
                return self.wrong(given)

    def _searched(self, said: str, view: View) -> Outcome:
        if view.reads.catalogues.page(self.from_, said, 0, 1).total:
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
        similar = view.reads.catalogues.similar(self.from_, said, SIMILAR)
        if self.other and not similar:
            return Taken(Option("", said))
        if self.add or similar:
            return Look({"typed": said})
        return Refusal("«{said}» нет в списке. Выберите кнопкой", {"said": shortened(said)})


def _rows(options: tuple[Option, ...]) -> Keyboard:
    return in_rows([Button(option.title, "option", option.code) for option in options])
