"""The mixes whose remains may go on a buffer pallet (domain 4.33)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.buffer import sources
from crm.production.models import Mix


def buffer_sources() -> Iterator[Mix]:
    """Give the pet-food mixes discharged since the last filling."""
    yield from sources()


FACT = Fact(params=(), result="list of mix", answer=buffer_sources)
