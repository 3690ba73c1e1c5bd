"""What questions with fixed options share. No kind of step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from engine.errors import Refusal
from engine.expressions.types import Choice, Number, Text, Type
from engine.expressions.written import Expression, Title, Written
from engine.languages.message import listed
from engine.model.values import Option, show_number
from engine.steps.base import Step, View, is_title, texts_allowed, unrecognised
from engine.steps.bounds import exact
from engine.steps.number import Measure


class OptionForm(Written):
    """One button. Written as its title alone, or with keys."""

    title: Title = Field(min_length=1, max_length=80, description="What the button shows.")
    when: Expression | None = Field(default=None, description="Offered only when this holds.")
    again: str = Field(
        default="",
        description="An earlier step of the same scope: choosing this asks it again.",
    )


def _titled(value: Any) -> Any:
    return {"title": value} if isinstance(value, str) else value


Options = Annotated[
    dict[
        str,
        Annotated[OptionForm, BeforeValidator(_titled, json_schema_input_type=str | OptionForm)],
    ],
    Field(min_length=1, description="Code to title, or to {title, when, again}."),
]


class OtherNumber(Written):
    """A number that may be typed beside the choices."""

    unit: str = Field(default="", description="A unit of project.yaml.")
    range: tuple[Expression, Expression] | None = Field(
        default=None, description="Least and greatest number, as expressions."
    )


class Other(Written):
    """A typed answer of another kind beside the choices: a text or a number.

    `field.typed` is that answer in expressions; not given when a button was pressed."""

    text: tuple[int, int] | None = Field(
        default=None, description="Least and most characters of the typed answer."
    )
    number: OtherNumber | None = Field(default=None, description="Or: a number.")

    @model_validator(mode="after")
    def _one(self) -> Other:
        if (self.text is None) is (self.number is None):
            raise ValueError("нужно одно из двух: «text: [от, до]» или «number:»")
        return self

    @property
    def type(self) -> Type:
        """The type of the typed answer."""
        return Text() if self.number is None else Number(self.number.unit)

    def expressions(self) -> tuple[str, ...]:
        """Return the bounds of the number."""
        return (self.number.range or ()) if self.number else ()

    def read(self, said: str, view: View, example: str) -> Option | Refusal:
        """Take a typed answer, or say why not."""
        if self.number is None:
            assert self.text is not None
            return texts_allowed(said, *self.text) or Option("", said)
        read = self._measure(view, example).read(said)
        if isinstance(read, Refusal):
            return read
        return Option("", show_number(read), number=read)

    def stands(self, value: Option, view: View) -> bool:
        """Tell whether a typed answer is still taken."""
        if self.number is None:
            return value.number is None
        return value.number is not None and not self._measure(view, "").outside(value.number)

    def _measure(self, view: View, example: str) -> Measure:
        bounds = self.number.range if self.number else None
        limits = tuple(exact(view.evaluate(bound)) for bound in bounds) if bounds else None
        return Measure(view.unit, view.unit.decimals, limits, example)  # type: ignore[arg-type]


class OtherText(Other):
    """A typed text beside the rows of a list."""

    text: tuple[int, int] = Field(description="Least and most characters of the typed answer.")
    number: ClassVar[None] = None  # type: ignore[misc]  # no key of it


class OptionsStep(Step):
    """A question whose answers are fixed options."""

    options: Options

    def expressions(self) -> tuple[str, ...]:
        """Return the conditions of options."""
        return tuple(form.when for form in self.options.values() if form.when)

    def type(self, typed: Type | None = None) -> Choice:
        """Return a choice of the codes."""
        return Choice(tuple(self.options), typed)

    def offered(self, view: View) -> Mapping[str, OptionForm]:
        """Return the options whose condition holds now."""
        return {
            code: form
            for code, form in self.options.items()
            if form.when is None or view.evaluate(form.when) is True
        }

    def chosen(self, said: str, view: View) -> str | None:
        """Return the code of the option whose title was typed."""
        for code, form in self.offered(view).items():
            if is_title(form.title, said, view.say):
                return code
        return None

    def unknown(self, said: str, view: View) -> Refusal:
        """Say that what was typed is no option, and which there are."""
        if self.unrecognised:
            return unrecognised(self, said, view)
        titles = listed(form.title for form in self.offered(view).values())
        return Refusal("Выберите одну из кнопок: {options}", {"options": titles})
