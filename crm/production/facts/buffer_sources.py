"""The mixes whose remains may go on a buffer pallet (domain 4.33)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.buffer import sources
from crm.production.models import Mix


def buffer_sources(left_over: int | None) -> Iterator[Mix]:
    """Give the pet-food mixes discharged since the last filling; for boxes that were left over of
    it also those that are on the pallet which they did not fit on."""
    yield from sources(rest=left_over is not None)


FACT = Fact(params=("integer?",), result="list of mix", answer=buffer_sources)
