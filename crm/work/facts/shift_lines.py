"""A part of the digest of the shift, line by line, with its numbers (domain 14.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from django.utils import timezone

from crm.fact import Fact, Line
from crm.work.digest import PARTS


def shift_lines(part: str) -> Iterator[Line]:
    """Give what one of `PARTS` has now: all of it, where a message has its length."""
    for at, entry in enumerate(PARTS[part](timezone.now()), start=1):
        fields = {name: value for name, value in asdict(entry).items() if name != "said"}
        yield Line(str(at), entry.what, fields)


FACT = Fact(
    params=("text",),
    result="list of shift_line",
    answer=shift_lines,
    records={
        "shift_line": {
            "what": "text",
            "about": "text",
            "state": "text",
            "line": "integer?",
            "mixes": "integer?",
            "kg": "number kg?",
            "minutes": "integer?",
            "at": "datetime?",
        }
    },
)
