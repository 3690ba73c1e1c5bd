"""Questions that belong together: asked one after another, checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import ConfigDict, Field

from engine.expressions.types import Type
from engine.steps.base import Step


class GroupStep(Step):
    """Ask several questions as one. `- group: analysis` with `steps:`; the members are fields of
    the scope that the group stands in.

    `when` asks all of them or none. `check`, `confirm` and `warn` are looked at after the last
    one; `again:` may name the group itself: all of it is asked again."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    kind: ClassVar[str] = "group"
    asks: ClassVar[bool] = False

    steps: tuple[Step, ...] = Field(min_length=1, description="The questions, in order.")

    @property
    def within(self) -> tuple[Step, ...]:
        """The members."""
        return self.steps

    def result(self, records: Mapping[str, str]) -> Type:
        """Return nothing of use: a group is no field."""
        return Type()
