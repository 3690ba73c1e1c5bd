"""What a rule is: its codes, what it finds, and an example of each code.

An example is an edit of the small project in `engine.check.example`: `bad` text put in place of `find`, and the token at
whose place the finding must stand; `good` is the same edit done right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import Finding

if TYPE_CHECKING:
    from engine.load.project import Project


@dataclass(frozen=True, slots=True)
class Example:
    """A mistake and its remedy. `at` is the token under which the finding stands, `hint` a part of its remedy."""

    code: str
    file: str
    find: str
    bad: str
    good: str
    at: str
    hint: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: title by code, the function that finds, examples."""

    codes: dict[str, str]
    find: Callable[[Project], Iterator[Finding]]
    examples: tuple[Example, ...]


def nothing(project: Project) -> Iterator[Finding]:
    """Find nothing: for codes that loading gives."""
    del project
    yield from ()
