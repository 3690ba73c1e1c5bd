"""The life of a record kind: states, the changes permitted between them, the work that each state
asks for.

Conditions and texts here know the record under the name of its kind and its fields by their bare
names: in the lifecycle of `mix`, `line` is `mix.line`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from engine.actions.base import Action
from engine.expressions.written import Duration, Expression, Naming, Template, Title, Written
from engine.schema.project import TimeOfDay, TimeOfWeek

SYSTEM = "system"  # in `by:`: nobody presses it, the dispatcher does
SAME = "same"  # in `to:`: the record stays in its state, and its tasks and timers go on


def several(value: Any) -> Any:
    """Take one word for a list of one."""
    return (value,) if isinstance(value, str) else value


Words = Annotated[
    tuple[str, ...],
    BeforeValidator(several, json_schema_input_type=str | tuple[str, ...]),
    Field(min_length=1),
]


class TaskForm(Written):
    """Work that a state asks for. It opens when the record enters the state and closes when the
    record leaves it: done by a transition of its buttons or of its flow, cancelled by any other.

    `- {kind: unpack_mix, for: crew(unpack), buttons: [finish_unpacking], warn: 20m, breach: 40m}`.
    A record has one open task of a kind."""

    kind: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$", description="Name of the kind of work.")
    title: Template = Field(
        default="", description="The line in «Мои задачи»; without it, state and record."
    )
    text: Template = Field(default="", description="The card; without it, the title.")
    when: Expression | None = Field(
        default=None, description="Opened only when this holds on entering the state."
    )
    while_: Expression | None = Field(
        default=None,
        alias="while",
        description="The task is there only as long as this holds: it closes when the condition "
        "ends and opens again when it returns, while the record stays in the state.",
    )
    for_: Words = Field(
        alias="for",
        description="Who does it: a role or roles, `crew(name)` of project.yaml, or a field of the "
        "record that is a person.",
    )
    flow: str = Field(
        default="",
        description="The flow that does it; beside `buttons` it is one more button of the card.",
    )
    button: Title = Field(
        default="",
        max_length=40,
        description="Title of the button that opens the flow; the title of the flow when empty.",
    )
    with_: dict[str, Expression] = Field(
        default={},
        alias="with",
        description="Parameter of the flow to expression; without it the record is given under "
        "the name of its kind.",
    )
    buttons: tuple[str, ...] = Field(
        default=(), description="Transitions that can be pressed on the card itself."
    )
    claim: str = Field(default="", description="Transition fired when somebody takes the task.")
    release: str = Field(
        default="", description="Transition fired when he gives it back or leaves the form."
    )
    warn: Duration | None = Field(default=None, description="Remind those who do it after this.")
    breach: Duration | None = Field(
        default=None, description="Tell the roles of `escalation:` after this, and at twice it."
    )
    claimed: bool = Field(
        default=True,
        description="`no`: opening its form takes it from nobody; who saves first has done it.",
    )
    critical: bool = Field(
        default=False, description="At twice it they are told in their quiet hours, too."
    )

    @model_validator(mode="after")
    def _has_a_way(self) -> TaskForm:
        if not self.flow and not self.buttons:
            raise ValueError("задаче нужны «flow:» или «buttons:»")
        if self.flow in self.buttons:
            raise ValueError("форма задачи называется как её кнопка")
        if (self.warn is None) != (self.breach is None):
            raise ValueError("«warn:» и «breach:» пишут вместе")
        return self


class TimerForm(Written):
    """Something that happens by time while a record stays in a state. One of `at`, `after`,
    `daily`, `weekly`, `every` says when. It fires only if the record is still there since the
    same entry.

    `- {name: due, at: due_at, do: [{fire: become_due, on: freezer_load}]}`."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$", description="Name within the state.")
    at: Expression | None = Field(default=None, description="A date with time: once, then.")
    after: Duration | None = Field(default=None, description="Once, so long after entering.")
    daily: TimeOfDay | None = Field(default=None, description="Each day at this time of the plant.")
    weekly: TimeOfWeek | None = Field(
        default=None,
        description="Each week on this day at this time of the plant: `mon 07:00`.",
    )
    every: Duration | None = Field(
        default=None, description="Again and again, so long apart, counted from entering."
    )
    when: Expression | None = Field(
        default=None, description="Done only when this holds at that moment."
    )
    do: tuple[Action, ...] = Field(min_length=1, description="What is done: fire, notify, task.")

    @model_validator(mode="after")
    def _has_one_time(self) -> TimerForm:
        ways = (self.at, self.after, self.daily, self.weekly, self.every)
        if sum(one is not None for one in ways) != 1:
            raise ValueError(
                "таймеру нужно ровно одно из «at:», «after:», «daily:», «weekly:», «every:»"
            )
        return self


class StateForm(Written):
    """Where a record stands."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    title: Title = Field(min_length=1, description="Title for people.")
    owner: str = Field(
        default="",
        description="Who must do something next: a role, `crew(name)`, or a field of the record "
        "that is a person; not for a final state.",
    )
    final: bool = Field(
        default=False, description="Waits for no work; only a correction of the office leaves it."
    )
    occupies: tuple[Naming, ...] = Field(
        default=(),
        description="Resources of project.yaml that the record holds while it is here: "
        '`"press_line_{line}"`; a place of a resource stands after a slash: '
        '`"plate_freezers/{freezer.number}"`.',
    )
    tasks: tuple[TaskForm, ...] = Field(default=(), description="Work that the state asks for.")
    timers: tuple[TimerForm, ...] = Field(default=(), description="What happens by time.")


class Guard(Written):
    """A condition of a transition, with what is said when it does not hold."""

    that: Expression = Field(description="Must hold; an error counts as not.")
    say: Template = Field(
        min_length=1,
        description="Why not, for people: a refusal, or what a record in a queue waits for.",
    )


class Who(Written):
    """Who may do a transition: `by: lab`, `by: [lab, technologist]`, `by: crew(press)`,
    `by: system`, or `by: {roles: [quality_manager], not: placed_by}`."""

    roles: Words = Field(description="Roles, `crew(name)`, or `system`.")
    not_: str = Field(
        default="",
        alias="not",
        description="A field of the record that is a person: this one may not.",
    )


class Sign(Written):
    """A second person. The first one's command is kept as a request, the record stays where it
    is, a task `countersign` goes to the second; only a yes fires the transition, with both names.
    The second is never the first.

    `sign: {by: quality_manager, when: antibiotic_found(raw_batch), not: analysed_by}`."""

    by: Words = Field(description="Role or roles of the second person.")
    when: Expression | None = Field(default=None, description="Needed only when this holds.")
    not_: str = Field(
        default="",
        alias="not",
        description="A field of the record that is a person who may not be the second either.",
    )
    warn: Duration = Field(default=900, description="Remind the second after this.")
    breach: Duration = Field(default=2700, description="Tell the roles of `escalation:` after it.")


def _who(value: Any) -> Any:
    return {"roles": value} if isinstance(value, str | list | tuple) else value


class Transition(Written):
    """One permitted change. `from: new` is the birth of the record, `to: same` leaves it where it
    is. The same name may stand several times as a list if the conditions exclude each other."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    title: Title = Field(default="", description="Title of the button.")
    sources: Words = Field(alias="from", description="State or states left.")
    to: str = Field(description="State reached, or `same`.")
    when: Expression | None = Field(
        default=None, description="Which of several forms of the same name applies."
    )
    by: Annotated[
        Who, BeforeValidator(_who, json_schema_input_type=str | tuple[str, ...] | Who)
    ] = Field(description="Who may.")
    require: tuple[Guard, ...] = Field(default=(), description="Conditions, in order.")
    reason: bool | Literal["optional"] = Field(
        default=False, description="A reason must be given; `optional`: it is asked for."
    )
    length: tuple[int, int] | None = Field(
        default=None,
        description="Least and most characters of the reason; with `reason:`. Without it a chat "
        "asks for 3 to 500.",
    )
    question: Title = Field(
        default="", description="What is asked in the place of «Укажите причину»; with `reason:`."
    )
    tasks_off: Title = Field(
        default="",
        description="Why the tasks that it cancels are off: «Задача снята: …»; its title when "
        "empty.",
    )
    sign: Sign | None = Field(default=None, description="A second person must confirm.")
    given: dict[str, str] = Field(
        default={},
        description="Values that who fires it gives (`with:` of `fire`): name to type. `set:` and "
        "`do:` may name them.",
    )
    set: dict[str, Expression] = Field(
        default={}, description="Fields of the record that get a value: `{quality: passed}`."
    )
    do: tuple[Action, ...] = Field(
        default=(), description="What happens with it, in the same transaction."
    )
    queue: tuple[str, ...] = Field(
        default=(),
        description="For `by: system`: the order in which records that wait are tried, keys with "
        "`desc` for the greatest first: `[priority, created_at, index desc]`.",
    )
    choose: dict[str, Expression] = Field(
        default={},
        max_length=1,
        description="For `by: system`: a field and a fact with its possible values, the best "
        "first; the first that every condition and free place permits is taken.",
    )

    @field_validator("reason", mode="before")
    @classmethod
    def _reason(cls, value: Any) -> Any:
        return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _asks_for_a_reason(self) -> Transition:
        if self.question and not self.reason:
            raise ValueError("«question:» пишут вместе с «reason:»")
        if self.length and not self.reason:
            raise ValueError("«length:» пишут вместе с «reason:»")
        return self

    @property
    def automatic(self) -> bool:
        """Tell whether the dispatcher tries it: nobody but the system may, and there is something
        to wait for. A system transition without `queue:`, `choose:` and `require:` is done by who
        fires it: a timer, an action, an operation."""
        waits = self.queue or self.choose or self.require
        return self.by.roles == (SYSTEM,) and bool(waits)


class Lifecycle(Written):
    """`lifecycles/<name>.yaml`. A record may have several: each moves a field of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    lifecycle: str = Field(description="Name.")
    record: str = Field(description="Kind of the record.")
    field: str = Field(default="state", description="Field of the record that holds the state.")
    title: Title = Field(min_length=1, description="Name of the record for people.")
    states: dict[str, StateForm] = Field(min_length=1, description="States by name.")
    transitions: dict[str, tuple[Transition, ...]] = Field(
        min_length=1, description="Transitions by name."
    )

    def forms(self, name: str) -> tuple[Transition, ...]:
        """Return the forms of a transition; they exclude each other by `when`."""
        return self.transitions.get(name, ())

    def title_of(self, name: str) -> str:
        """Return the title of a transition for people."""
        return next((form.title for form in self.forms(name) if form.title), name)

    def tasks_off(self, name: str) -> str:
        """Return why the tasks that a transition cancels are off, for people."""
        return next((form.tasks_off for form in self.forms(name) if form.tasks_off), "") or (
            self.title_of(name)
        )
