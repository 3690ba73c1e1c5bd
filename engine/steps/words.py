"""Words that every question may have beside its own keys: conditional texts, checks, «Точно?»,
warnings, background jobs. No kind of step."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag

from engine.expressions.written import Expression, Template, Written


class Worded(Written):
    """One of several texts of a question; the first whose condition holds is shown."""

    when: Expression | None = Field(
        default=None, description="Shown when this holds; the last one may lack it."
    )
    text: Template = Field(min_length=1, description="The text.")


def _form(value: Any) -> str:
    return "list_form" if isinstance(value, list | tuple) else "text_form"


Prompt = Annotated[
    Annotated[Template, Tag("text_form")] | Annotated[tuple[Worded, ...], Tag("list_form")],
    Discriminator(_form),
    Field(description="The question: a text, or a list of {when, text}."),
]


def _skip(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


Skip = Annotated[
    bool | Expression,
    BeforeValidator(_skip),
    Field(description="true, or a condition under which the question may be skipped."),
]


class Check(Written):
    """A condition that an answer must meet; otherwise it is refused with a text."""

    that: Expression = Field(description="Must hold, the answer being known.")
    say: Template = Field(min_length=1, description="Why not, for the worker.")
    again: str = Field(
        default="",
        description="An earlier step of the same scope, or the group: asked again, its answers "
        "being offered.",
    )


class Confirm(Written):
    """An unlikely answer is kept only after «Точно?» was answered with yes."""

    when: Expression = Field(description="Asked when this holds, the answer being known.")
    say: Template = Field(min_length=1, description="The question: «Точно {loss} %?».")
    reason: bool = Field(default=False, description="After the yes a reason is asked as text.")


class Warn(Written):
    """A remark that stops nothing; it is shown after the answer and in the review."""

    when: Expression = Field(description="Shown when this holds.")
    say: Template = Field(min_length=1, description="The remark.")


class Starts(Written):
    """A job that an answer starts in the background; the form goes on meanwhile."""

    job: str = Field(description="A job of the Vocabulary.")
    with_: dict[str, Expression] = Field(
        default={}, alias="with", description="Parameter to expression."
    )
    as_: str = Field(
        alias="as",
        pattern=r"^[a-z][a-z0-9_]{0,40}$",
        description="Name of the field that holds the job's result once it is finished.",
    )
