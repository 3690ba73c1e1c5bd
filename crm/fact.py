"""What a fact is: a typed read-only query by a name of the Vocabulary, one file each in
`crm/<app>/facts/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an answer that is no row of a table: its id among the others, its title, its
    fields. A field may be a row of a table."""

    id: str
    title: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the Vocabulary. `answer` gets its arguments (records as rows of their tables, or
    as they are when they have none; choices as codes, a period as the pair of its ends) and returns
    a value, a row of a table, a Line, or a list of these.

    `records` are the kinds of Lines that this fact brings, each with its fields."""

    params: tuple[str, ...]
    result: str
    answer: Callable[..., object]
    records: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
