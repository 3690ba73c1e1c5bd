"""What a rule is: its code, what it finds, and examples.

An example is an edit of the small project in `engine.check.example`: `bad` text put in place of
`find`, the token under which the finding must stand, and the same edit done right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.check.subject import Subject
from engine.errors import Finding


@dataclass(frozen=True, slots=True)
class Example:
    """A mistake and its remedy. `at` is the token under which the finding stands, from its first
    occurrence in `bad`; `hint` is a part of what the finding advises."""

    file: str
    find: str
    bad: str
    good: str
    at: str
    hint: str
    spoken: bool = False  # the small project speaks a second language, word by word


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `find` is None for what is found while files are read; `why` says to the author of
    a flow what the mistake would cost. `whole` rules say something of a flow that hangs on what all
    the others name: where only some are read they say nothing, and what they said of a flow is
    looked for anew. With what a rule that `runs` finds, forms run all the same."""

    code: str
    title: str
    find: Callable[[Subject], Iterable[Finding]] | None
    examples: tuple[Example, ...]
    why: str = ""
    whole: bool = False
    runs: bool = False
