"""The buffer pallets that collect (domain 4.33)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.buffer import collecting
from crm.production.models import Pallet


def open_buffer_pallets() -> Iterator[Pallet]:
    """Give the one that takes boxes, if there is one."""
    pallet = collecting()
    if pallet is not None:
        yield pallet


FACT = Fact(params=(), result="list of pallet", answer=open_buffer_pallets)
