"""What a fact is: a typed read-only query by a name of the Vocabulary, one file each in
`crm/<app>/facts/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """A record without a table, in an answer or among arguments: its id among the others, its
    title, its fields. A field may be a row of a table.

    >>> Line("1", "", {"kg": 5})["kg"]
    5
    """

    id: str
    title: str
    fields: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        """Return a field. Raises KeyError for one that its kind does not have."""
        return self.fields[name]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the Vocabulary. `answer` gets its arguments converted as those of an operation
    (`crm.operation`), a period as the pair of its ends, no row under a lock; it returns a value, a
    row of a table, a Line, or a list of these.

    `records` are the kinds of Lines that this fact brings, each with its fields; those of forms
    stand in `LINES` of `crm/<app>/records.py`."""

    params: tuple[str, ...]
    result: str
    answer: Callable[..., object]
    records: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
