"""A conversation: who may start it, its questions, what is saved, what happens after."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from engine.actions.base import Action
from engine.actions.registry import KINDS as ACTIONS
from engine.expressions.written import Duration, Written
from engine.steps.base import DecisionAnswer, Step


class DraftForm(Written):
    """How long an unfinished form is kept without an answer."""

    keep: Duration = Field(default=86400, description="A duration; the form expires after it.")


class Flow(Written):
    """One conversation. Order is the default next; there is no goto."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    flow: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,40}$", description="Name of the flow, in Latin letters."
    )
    title: str = Field(
        min_length=1, max_length=60, description="Title in the menu and over every question."
    )
    roles: tuple[str, ...] = Field(min_length=1, description="Who may start it.")
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


def answer_actions(answer: DecisionAnswer) -> tuple[Action, ...]:
    """Return the actions of an answer to a decision request, read from their YAML form."""
    return tuple(ACTIONS[next(iter(data))].model_validate(data) for data in answer.save)
