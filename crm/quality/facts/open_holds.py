"""The open holds (domain 4.42)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.quality.models import Hold
from crm.quality.together import open_groups


def open_holds() -> Iterator[Hold]:
    """Give the open holds, the newest first; those that were placed together once."""
    yield from open_groups()


FACT = Fact(params=(), result="list of hold", answer=open_holds)
