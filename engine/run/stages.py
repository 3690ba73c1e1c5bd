"""A value on its way to become an answer: what was given with it, and what is asked about it now.

It waits in the session's `look`, under names that no step uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.files import FileRef
from engine.model.values import Value

SINCE = "since"  # when a wait was come to
VALUE, AT, GROUP = "~value", "~at", "~group"
CONFIRM, WHY, OUTSIDE, REASON, PHOTO = "confirm", "why", "outside", "reason", "photo"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that was read: which «Точно?» were answered with yes (so many from the first), the
    reason and the picture given with it, whether a decision was asked for by its button."""

    value: Value
    again: str = ""
    confirmed: int = 0
    reason: str = ""
    evidence: tuple[FileRef, ...] = ()
    requested: bool = False

    def look(self, at: str) -> Mapping[str, Value]:
        """Return what the session remembers while `at` is asked."""
        return {
            VALUE: self.value,
            AT: at,
            "~again": self.again,
            "~confirmed": self.confirmed,
            "~reason": self.reason,
            "~evidence": self.evidence,
            "~requested": self.requested,
        }


def candidate(look: Mapping[str, Value]) -> Candidate:
    """Return the value that waits in a look."""
    evidence, confirmed = look.get("~evidence"), look.get("~confirmed")
    return Candidate(
        look[VALUE],
        str(look.get("~again") or ""),
        confirmed if isinstance(confirmed, int) else 0,
        str(look.get("~reason") or ""),
        tuple(one for one in evidence if isinstance(one, FileRef))
        if isinstance(evidence, tuple)
        else (),
        look.get("~requested") is True,
    )


def stage(look: Mapping[str, Value]) -> tuple[str, int]:
    """Return what is asked about the value that waits, and the number of its «Точно?»."""
    name, _, number = str(look.get(AT) or "").partition(":")
    return name, int(number or 0)
