"""What every question has: its keys in YAML, what it may look at during a turn, and how it
refuses the wrong kind of input.

Start at `Step`: a subclass gives `kind`, `expects`, `keyboard`, `read` and the type of its
field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Protocol

from pydantic import Field, ValidationInfo, field_validator

from engine.errors import Refusal
from engine.expressions.types import Type
from engine.expressions.written import Duration, Expression, Template, Title, Written
from engine.languages.catalogue import Say, in_russian
from engine.languages.message import Message, capitalised, counted, listed
from engine.model.conversation import Answer, Button, Input, Keyboard, Kind
from engine.model.quick import quick
from engine.model.text import Text
from engine.model.values import Row, Value
from engine.ports import Reads
from engine.steps.words import Check, Confirm, Prompt, Skip, Starts, Warn, Worded

SHOWN_CHARACTERS = 40  # of what a worker typed, when a refusal repeats it
# Controls but the line break, what joins or turns letters, line ends of Unicode. What joins the
# parts of an emoji stands behind no letter.
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb]|\\w[\u200c\u200d]"
)
_FIRST = {"reason": Message("Укажите причину"), "photo": Message("Пришлите фото")}
WIDE = 18  # characters of a title that still fits two in a row on a phone


class DecisionAnswer(Written):
    """One answer to a decision request. Without `end` the form goes on with the value kept."""

    title: Title = Field(description="Button of the one who decides.")
    comment: str = Field(
        default="optional",
        pattern="^(optional|required|none)$",
        description="optional, required or none; an answer with `end` must have it required.",
    )
    end: str = Field(
        default="",
        pattern="^(|refused|again)$",
        description="`refused` ends the form, `again` asks the question again.",
    )
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
    title: Title = Field(description="First words of the card of the one who decides.")
    show: tuple[str, ...] = Field(
        default=(), description="Fields shown on the card; pictures come with it."
    )
    reason: Template = Field(
        default="", description="Asked first as text: true, or the question («Укажите причину»)."
    )
    photo: Template = Field(
        default="", description="Asked first as a picture: true, or the question («Фото»)."
    )
    ask_again: Title = Field(
        default="",
        max_length=40,
        description="The value is refused first; the request is made by the button of this title.",
    )
    decide: str | tuple[str, ...] = Field(description="Role or roles that decide.")
    waiting: Template = Field(
        description="What the worker reads while waiting; knows reason, value, limit."
    )
    leave: Title = Field(
        default=Message("Отменить"), description="Button that cancels the form while it waits."
    )
    answers: dict[str, DecisionAnswer] = Field(
        min_length=1, description="Code of the answer to its form."
    )
    warn: Duration = Field(description="After this time the same roles are reminded.")
    breach: Duration = Field(
        description="After this time others are told (project.yaml, escalation)."
    )
    breach_also: str | tuple[str, ...] = Field(
        default=(), description="Role or roles that are told after it beside those."
    )
    critical: bool = Field(
        default=False, description="At twice it they are told in their quiet hours, too."
    )

    @field_validator("reason", "photo", mode="before")
    @classmethod
    def _asked(cls, value: Any, info: ValidationInfo) -> Any:
        if value in (False, "false"):
            return ""
        return _FIRST[str(info.field_name)] if value in (True, "true") else value

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles that decide."""
        return (self.decide,) if isinstance(self.decide, str) else self.decide

    @property
    def told_at_breach(self) -> tuple[str, ...]:
        """Roles that are told at breach beside those of `escalation:`."""
        also = self.breach_also
        return (also,) if isinstance(also, str) else also


@dataclass(frozen=True, slots=True)
class UnitForm:
    """A unit of project.yaml: digits after the comma and the range of its sensor."""

    name: str = ""
    decimals: int = 3
    least: Value = None
    most: Value = None


class Evaluate(Protocol):
    """Runs an expression of the step over the fields in sight, and some more names."""

    def __call__(self, text: str, /, **more: Value) -> Value:
        """Return the value; None, "not given", when it cannot be computed."""
        ...


class Render(Protocol):
    """Fills a text of the step from the fields in sight, and some more names."""

    def __call__(self, text: str, /, **more: Value) -> Text:
        """Return the text."""
        ...


@quick
@dataclass(frozen=True, slots=True)
class View:
    """What a step may look at during one turn.

    `look` is what the question remembers between its own turns; `evaluate` and `render` run the
    expressions and texts that the step lists in `expressions` and `templates`; `current` is the
    answer given before, if the worker came back. `env` are the fields in sight by name, `rows`
    the other rows of the repeat that the step stands in; `say` says a text as the worker reads
    it, for titles that he may type."""

    reads: Reads
    evaluate: Evaluate
    look: Mapping[str, Value] = field(default_factory=dict)
    current: Answer | None = None
    unit: UnitForm = UnitForm()
    address: str = ""
    env: Mapping[str, Value] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    render: Render = lambda text, /, **more: Text.of(text)
    say: Say = in_russian


@dataclass(frozen=True, slots=True)
class Taken:
    """A value was given; the form goes on. `again` names an earlier step that is asked again."""

    value: Value
    again: str = ""


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
    prompt: Prompt = ""
    label: Title = Field(default="", description="Name of the answer in the review and on cards.")
    hint: Template = Field(default="", description="A second line under the question.")
    example: Title = Field(
        default="", description="An example of a good answer, shown when one is refused."
    )
    when: Expression | None = Field(default=None, description="Asked only when this holds.")
    otherwise: Expression | None = Field(
        default=None, description="Value of the field when it was not asked."
    )
    skip: Skip = Field(
        default=False,
        description="«Пропустить» is offered (true, or a condition); a skipped answer is not "
        "given, never zero.",
    )
    skip_title: Title = Field(
        default=Message("Пропустить"), max_length=40, description="Title of that button."
    )
    known: Expression | None = Field(
        default=None,
        description="Not asked when this is given; shown in the review and can be edited there.",
    )
    depends_on: tuple[Expression, ...] = Field(
        default=(),
        description="What the answer is given for: it is asked anew when one of these has changed "
        "since, in the form or in the plant.",
    )
    default: Expression | None = Field(
        default=None, description="Offered as the first button: «Оставить: …»."
    )
    suggest: int = Field(
        default=0, ge=0, le=5, description="So many last answers of this person are offered."
    )
    unrecognised: Template = Field(
        default="", description="Said when an answer is not understood; knows `typed`."
    )
    unique: bool = Field(
        default=False, description="Inside a repeat: a value that another row has is refused."
    )
    check: tuple[Check, ...] = Field(default=(), description="Conditions of the answer.")
    confirm: tuple[Confirm, ...] = Field(default=(), description="«Точно?» for unlikely answers.")
    warn: tuple[Warn, ...] = Field(default=(), description="Remarks that stop nothing.")
    starts: Starts | None = Field(
        default=None, description="A job that the answer starts in the background."
    )

    @cached_property
    def prompts(self) -> tuple[Worded, ...]:
        """The texts of the question with their conditions; one without when it is plain."""
        if isinstance(self.prompt, str):
            return (Worded.model_construct(text=self.prompt),) if self.prompt else ()
        return self.prompt

    @property
    def within(self) -> tuple[Step, ...]:
        """Steps that stand inside this one: of a group, of a row."""
        return ()

    @cached_property
    def shown_label(self) -> str:
        """Name of the answer for people, with a capital letter."""
        return capitalised(self.label or self.name)

    def result(self, records: Mapping[str, str]) -> Type:
        """Return the type of the field; `records` maps catalogues to the kind of their rows."""
        raise NotImplementedError(self.kind)

    def expressions(self) -> tuple[str, ...]:
        """Return every expression of the kind's own keys: what `View.evaluate` is asked for."""
        return ()

    def templates(self) -> tuple[str, ...]:
        """Return every text with holes of the kind's own keys: what `View.render` is asked for."""
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

    def stands_by(self, value: Value) -> tuple[tuple[str, str], ...]:
        """Return which rows of catalogues, by these and their codes, an answer stands by."""
        del value
        return ()

    def wrong(self, given: Input) -> Refusal:
        """Refuse an input of the wrong kind, saying what is expected here."""
        if given.kind is Kind.UNFIT:
            return Refusal(given.said)
        came = {
            Kind.TEXT: Message("текст"),
            Kind.FILES: Message("фото или файл"),
            Kind.OTHER: given.said,
        }.get(given.kind, Message("это"))
        return Refusal(
            "Сюда не подходит {came}. Здесь нужно: {expects}. Пропустить можно кнопкой."
            if self.skip
            else "Сюда не подходит {came}. Здесь нужно: {expects}.",
            {"came": came, "expects": self.expects},
        )


class LimitedStep(Step):
    """A step whose number may be outside a limit; a person decides about it then."""

    limit: Expression | None = Field(
        default=None,
        description="A limit of limits.yaml with its arguments; outside is a deviation.",
    )
    on_deviation: OnDeviation | None = Field(
        default=None, description="What happens outside the limit."
    )


def in_rows(buttons: Sequence[Button], say: Say = in_russian) -> Keyboard:
    """Lay buttons out, two in a row when all of them, as the worker reads them, are short enough
    for a phone."""
    width = 2 if buttons and all(len(say(button.title)) <= WIDE for button in buttons) else 1
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))


def shortened(said: str) -> str:
    """Cut what a worker typed for repeating it in a refusal."""
    return said if len(said) <= SHOWN_CHARACTERS else said[:SHOWN_CHARACTERS] + "…"


def same_words(one: str, other: str) -> bool:
    """Tell whether two typed texts are the same after trimming and ignoring case."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def refused(text: Text) -> Refusal:
    """Make a refusal of a rendered text."""
    return Refusal(listed((span.text for span in text.spans), ""))


def unrecognised(step: Step, said: str, view: View) -> Refusal:
    """Refuse what was typed in the words of the question's `unrecognised`."""
    return refused(view.render(step.unrecognised, typed=shortened(said)))


def is_title(title: str, said: str, say: Say) -> bool:
    """Tell whether a worker typed a title, in his language or in Russian."""
    return same_words(title, said) or same_words(say(title), said)


def texts_allowed(said: str, least: int, most: int) -> Refusal | None:
    """Check a typed text: length in characters after trimming, something readable in it, nothing
    that is not seen: two names that look the same are one, and nothing is shown backwards."""
    if not least <= len(said) <= most:
        return Refusal(_not_so_long(len(said), least, most))
    if not any(character.isalnum() for character in said):
        return Refusal("В тексте нет ни букв, ни цифр. Напишите словами")
    if not said.isprintable() and _INVISIBLE.search(said):
        return Refusal("В тексте есть знаки, которых не видно. Наберите его заново")
    return None


def written(given: Input, least: int, most: int, wrong: Refusal) -> Refusal | None:
    """Check a reason or a comment that only a text can be; `wrong` refuses anything else."""
    return texts_allowed(given.said.strip(), least, most) if given.kind is Kind.TEXT else wrong


def _not_so_long(length: int, least: int, most: int) -> Message:
    return counted(
        length,
        {"least": str(least), "most": str(most), "length": str(length)},
        one="Нужно от {least} до {most} знаков, а здесь {length} знак",
        few="Нужно от {least} до {most} знаков, а здесь {length} знака",
        many="Нужно от {least} до {most} знаков, а здесь {length} знаков",
    )
