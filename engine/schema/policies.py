"""Rules of the quality department that every flow and lifecycle must obey."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from engine.expressions.written import Written
from engine.schema.lifecycle import Words, several


class Before(Written):
    """A point on the way of a record: a state of a lifecycle."""

    lifecycle: str = Field(description="The lifecycle.")
    state: str = Field(description="The state that is reached only by the way named.")


class Policy(Written):
    """One rule of `policies.yaml`, in one of two forms.

    `{every: {step: number, unit: °C}, has: limit}`: every step of that kind (or `transition:` of
    that name) with these values of its keys has the key. `{before: {lifecycle: pallet, state:
    shipped}, always: in_stock}`: no way leads to the state without passing the other."""

    every: dict[str, str] | None = Field(
        default=None,
        description="What it is about: `step: number` or `transition: reject`, and further keys "
        "with their values.",
    )
    has: Annotated[
        tuple[str, ...], BeforeValidator(several, json_schema_input_type=str | tuple[str, ...])
    ] = Field(default=(), description="Key or keys that each of them has.")
    before: Before | None = Field(default=None, description="The state that is reached.")
    always: Words | None = Field(
        default=None, description="State or states of which one is always passed before."
    )

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Policy:
        parts = (self.every is not None, bool(self.has), self.before is not None, bool(self.always))
        if parts not in ((True, True, False, False), (False, False, True, True)):
            raise ValueError("правило пишут как «every:» с «has:» или «before:» с «always:»")
        if self.every is not None and ("step" in self.every) == ("transition" in self.every):
            raise ValueError("в «every:» нужно или «step: вид», или «transition: имя»")
        return self
