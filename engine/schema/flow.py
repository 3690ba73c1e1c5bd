"""A conversation: who may start it, its questions, what is saved, what happens after."""

from __future__ import annotations

from pydantic import ConfigDict, Field, model_validator

from engine.actions.base import Action
from engine.actions.registry import KINDS as ACTIONS
from engine.expressions.written import Duration, Expression, Title, Written
from engine.steps.base import DecisionAnswer, Step


class DraftForm(Written):
    """How long an unfinished form is kept without an answer."""

    keep: Duration = Field(default=86400, description="A duration; the form expires after it.")


class Flow(Written):
    """One conversation. Order is the default next; there is no goto.

    A flow without `save` only shows. A flow with `result` is called by other flows."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    flow: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,40}$", description="Name of the flow, in Latin letters."
    )
    title: Title = Field(
        min_length=1, max_length=60, description="Title in the menu and over every question."
    )
    roles: tuple[str, ...] = Field(
        default=(), description="Who may start it; none in a flow that is only called."
    )
    crew: str = Field(
        default="", description="Or: a crew of project.yaml, found from what is `given`."
    )
    given: dict[str, str] = Field(
        default={},
        description="Parameter to its type, as the Vocabulary writes types: «raw_batch?», "
        "«choice(mmo, mko)», «number kg»; filled by a menu, a task, a button, `open` or `call`.",
    )
    anywhere: bool = Field(
        default=False,
        description="May be opened over any question and any task's card; then they return. A "
        "parameter of the type «task?» is given the task.",
    )
    before: tuple[Action, ...] = Field(
        default=(), description="Shown when it starts: report, document, reply. Changes nothing."
    )
    draft: DraftForm = Field(
        default=DraftForm(), description="How long an unfinished form is kept."
    )
    steps: tuple[Step, ...] = Field(min_length=1, description="Questions in order.")
    save: tuple[Action, ...] = Field(
        default=(), description="One transaction, done once for a session."
    )
    after: tuple[Action, ...] = Field(
        default=(), description="Messages and documents of a saved form."
    )
    result: dict[str, Expression] = Field(
        default={}, description="Only of a called flow: field of the result to expression."
    )

    @model_validator(mode="after")
    def _started_by_somebody(self) -> Flow:
        if self.called and (self.roles or self.crew or self.save):
            raise ValueError("у формы с «result:» нет «roles:», «crew:» и «save:»: её вызывают")
        if not self.called and bool(self.roles) is bool(self.crew):
            raise ValueError("не хватает ключа «roles»: кто может начать (или «crew:»)")
        return self

    @property
    def called(self) -> bool:
        """Tell whether it is only called by other flows, and in no menu."""
        return bool(self.result)


def answer_actions(answer: DecisionAnswer) -> tuple[Action, ...]:
    """Return the actions of an answer to a decision request, read from their YAML form."""
    return tuple(ACTIONS[next(iter(data))].model_validate(data) for data in answer.save)
