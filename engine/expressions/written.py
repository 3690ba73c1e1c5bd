"""The base of everything written in YAML: keys that are known, values that never change, the types
that keys share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

TEXT = "a text that people read: it has translations"  # a mark on the type of a field
Expression = Annotated[str, Field(description="An expression.")]
Title = Annotated[str, TEXT, Field(description="A text.")]
Template = Annotated[
    str,
    TEXT,
    Field(
        description="A text; {expression} inside is shown as people read it, "
        "{n | one box | few boxes | many boxes} is the word that goes with a number."
    ),
]
Naming = Annotated[
    str, Field(description="A name that the program makes; {expression} inside is its value.")
]


def _seconds(value: Any) -> Any:
    if (
        isinstance(value, str)
        and value[-1:] in "smhd"
        and value[:-1].isascii()
        and value[:-1].isdigit()
    ):
        return int(value[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[value[-1]]
    if isinstance(value, int):
        return value
    raise ValueError("нужна длительность: 15m, 2h, 14d")


_WRITTEN = Annotated[str, Field(pattern=r"^[0-9]+[smhd]$")]
Duration = Annotated[
    int,
    BeforeValidator(_seconds, json_schema_input_type=_WRITTEN),
    Field(description="A duration, in seconds: 30s, 15m, 2h, 14d."),
]


class Written(BaseModel):
    """Something written in YAML: unknown keys are refused, values never change."""

    # Built when it is first read: a command that needs a few classes does not wait for all.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
