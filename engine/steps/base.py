"""What every question has: its keys in YAML, what it may look at during a turn, and how it
refuses the wrong kind of input.

Start at `Step`: a subclass gives `kind`, `expects`, `keyboard`, `read` and the type of its
field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import Type
from engine.expressions.written import Duration, Expression, Template, Written
from engine.model.conversation import Answer, Button, Input, Keyboard, Kind
from engine.model.text import Text
from engine.model.values import Value
from engine.ports import Reads

SHOWN_CHARACTERS = 40  # of what a worker typed, when a refusal repeats it
WIDE = 18  # characters of a title that still fits two in a row on a phone


class DecisionAnswer(Written):
    """One answer to a decision request. Without `end` the form goes on with the value kept."""

    title: str = Field(description="Button of the one who decides.")
    comment: str = Field(
        default="optional",
        pattern="^(optional|required|none)$",
        description="optional, required or none.",
    )
    end: str = Field(default="", pattern="^(|refused)$", description="`refused` ends the form.")
    say: Template = Field(
        default="",
        description="What the worker reads; knows decider, comment, reason, value, limit.",
    )
    save: tuple[dict[str, Any], ...] = Field(
        default=(), description="Actions done when the form ends so."
    )


class OnDeviation(Written):
    """What happens when a value is outside its limit: the form waits for a decision."""

    kind: str = Field(
        default="", description="Kind of the deviation; the field's name when absent."
    )
    title: str = Field(description="First words of the card of the one who decides.")
    show: tuple[str, ...] = Field(
        default=(), description="Fields shown on the card; pictures come with it."
    )
    decide: str | tuple[str, ...] = Field(description="Role or roles that decide.")
    waiting: Template = Field(
        description="What the worker reads while waiting; knows reason, value, limit."
    )
    leave: str = Field(
        default="Отменить", description="Button that cancels the form while it waits."
    )
    answers: dict[str, DecisionAnswer] = Field(
        min_length=1, description="Code of the answer to its form."
    )
    warn: Duration = Field(description="After this time the same roles are reminded.")
    breach: Duration = Field(
        description="After this time others are told (project.yaml, escalation)."
    )

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles that decide."""
        return (self.decide,) if isinstance(self.decide, str) else self.decide


@dataclass(frozen=True, slots=True)
class UnitForm:
    """A unit of project.yaml: digits after the comma and the range of its sensor."""

    name: str = ""
    decimals: int = 3
    least: Value = None
    most: Value = None


@dataclass(frozen=True, slots=True)
class View:
    """What a step may look at during one turn.

    `look` is what the question remembers between its own turns; `evaluate` runs an expression of
    this step over the
    answers; `current` is the answer given before, if the worker came back."""

    reads: Reads
    evaluate: Callable[[str], Value]
    look: Mapping[str, Value] = field(default_factory=dict)
    current: Answer | None = None
    unit: UnitForm = UnitForm()


@dataclass(frozen=True, slots=True)
class Taken:
    """A value was given; the form goes on."""

    value: Value


@dataclass(frozen=True, slots=True)
class Look:
    """The question stays, but looks different: another page, a search, one more picture."""

    look: Mapping[str, Value]
    toast: str = ""


Outcome = Taken | Look | Refusal


class Step(Written):
    """A question. Its first key is its kind, the key's value is the name of its field."""

    kind: ClassVar[str] = ""
    expects: ClassVar[str] = ""
    asks: ClassVar[bool] = True

    name: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,40}$", description="Name of the field, in Latin letters."
    )
    prompt: Template = Field(default="", description="The question.")
    label: str = Field(default="", description="Name of the answer in the review and on cards.")
    hint: Template = Field(default="", description="A second line under the question.")
    example: str = Field(
        default="", description="An example of a good answer, shown when one is refused."
    )
    when: Expression | None = Field(default=None, description="Asked only when this holds.")
    otherwise: Expression | None = Field(
        default=None, description="Value of the field when it was not asked."
    )
    skip: bool = Field(
        default=False,
        description="«Пропустить» is offered; a skipped answer is not given, never zero.",
    )

    @property
    def shown_label(self) -> str:
        """Name of the answer for people, with a capital letter."""
        words = self.label or self.name
        return words[:1].upper() + words[1:]

    def result(self, records: Mapping[str, str]) -> Type:
        """Return the type of the field; `records` maps catalogues to the kind of their rows."""
        raise NotImplementedError(self.kind)

    def expressions(self) -> tuple[str, ...]:
        """Return every expression that `View.evaluate` may be asked for by this step."""
        return ()

    def body(self, view: View) -> Text:
        """Return what stands under the question, for example how many pictures there are."""
        del view
        return Text()

    def keyboard(self, view: View) -> Keyboard:
        """Return the buttons of the question itself; «Пропустить» and «Назад» are added for every
        kind."""
        del view
        return ()

    def read(self, given: Input, view: View) -> Outcome:
        """Take an input. A wrong kind is refused with what is expected; nothing changes then."""
        raise NotImplementedError(self.kind)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether an answer that was taken still stands after another one was changed."""
        del value, view
        return True

    def wrong(self, given: Input) -> Refusal:
        """Refuse an input of the wrong kind, saying what is expected here."""
        if given.kind is Kind.UNFIT:
            return Refusal(given.said)
        came = {Kind.TEXT: "текст", Kind.FILES: "фото или файл", Kind.OTHER: given.said}.get(
            given.kind, "это"
        )
        way_out = " Пропустить можно кнопкой." if self.skip else ""
        return Refusal(
            "Сюда не подходит {came}. Здесь нужно: {expects}.{way_out}",
            {"came": came, "expects": self.expects, "way_out": way_out},
        )


def in_rows(buttons: Sequence[Button]) -> Keyboard:
    """Lay buttons out, two in a row when all of them are short enough for a phone."""
    width = 2 if buttons and all(len(button.title) <= WIDE for button in buttons) else 1
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))


def shortened(said: str) -> str:
    """Cut what a worker typed for repeating it in a refusal."""
    return said if len(said) <= SHOWN_CHARACTERS else said[:SHOWN_CHARACTERS] + "…"


def same_words(one: str, other: str) -> bool:
    """Tell whether two typed texts are the same after trimming and ignoring case."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def texts_allowed(said: str, least: int, most: int) -> Refusal | None:
    """Check a typed text: length in characters after trimming, something readable in it, no
    control characters."""
    if not least <= len(said) <= most:
        return Refusal(
            "Нужно от {least} до {most} знаков, а здесь {length}",
            {"least": str(least), "most": str(most), "length": str(len(said))},
        )
    if not any(character.isalnum() for character in said):
        return Refusal("В тексте нет ни букв, ни цифр. Напишите словами")
    if any(ord(character) < 32 and character != "\n" for character in said):
        return Refusal("В тексте есть знаки, которых не видно. Наберите его заново")
    return None
