"""A list of rows, each answered by the same questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from engine.errors import say
from engine.expressions.types import ListOf, Record, Type
from engine.expressions.written import Expression, Template, Title, Written
from engine.languages.message import Message
from engine.steps.base import Step

MOST_ROWS = 50


class AddButton(Written):
    """A button that begins a row; it may give some fields of the row at once."""

    title: Title = Field(min_length=1, max_length=40, description="Title of the button.")
    set: dict[str, Expression] = Field(
        default={}, description="Field of the row to an option code or an expression: not asked."
    )
    when: Expression | None = Field(default=None, description="Shown only when this holds.")


def _buttons(value: Any) -> Any:
    return ({"title": value},) if isinstance(value, str) else value


class RepeatStep(Step):
    """Ask for rows. `- repeat: items` with the `steps:` of one row; the field is a list of rows,
    `items.kg` the list of one column.

    After each row `summary` is shown with the buttons `add`, `remove` and `done`. With `over:` the
    rows are given: each is asked once, with `row`, `index` (from 1) and `count` in sight, and
    nothing is added or removed."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    kind: ClassVar[str] = "repeat"
    expects: ClassVar[str] = Message("одна из кнопок")

    steps: tuple[Step, ...] = Field(min_length=1, description="The questions of one row.")
    over: Expression | None = Field(
        default=None, description="A list: its members are the rows; nothing is added or removed."
    )
    add: Annotated[
        tuple[AddButton, ...],
        BeforeValidator(_buttons, json_schema_input_type=str | tuple[AddButton, ...]),
    ] = Field(
        default=(AddButton.model_construct(title=Message("Добавить")),),
        min_length=1,
        description="Title of the button that begins a row, or a list of {title, set, when}.",
    )
    remove: Title = Field(
        default="", max_length=40, description="Button that takes a row away; none when empty."
    )
    done: Title = Field(
        default=Message("Готово"), max_length=40, description="Button that ends the list."
    )
    rows: tuple[int, int] = Field(
        default=(1, MOST_ROWS), description="Least and most rows; at most 50."
    )
    summary: Template = Field(
        default="", description="Shown after each row; knows the list under its own name."
    )

    @property
    def within(self) -> tuple[Step, ...]:
        """The questions of one row."""
        return self.steps

    @model_validator(mode="after")
    def _sound(self) -> RepeatStep:
        least, most = self.rows
        if not 0 <= least <= most <= MOST_ROWS or most == 0:
            raise ValueError(
                say("строк бывает от 0 до {most}, и меньшее число стоит первым", most=MOST_ROWS)
            )
        return self

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a list of rows; their fields are those of the steps."""
        return ListOf(Record(f"{self.name}[]"))

    def expressions(self) -> tuple[str, ...]:
        """Return the rows given, and what the buttons need."""
        buttons = [text for one in self.add for text in (*one.set.values(), one.when) if text]
        return (*((self.over,) if self.over else ()), *buttons)

    def templates(self) -> tuple[str, ...]:
        """Return the summary."""
        return (self.summary,) if self.summary else ()
