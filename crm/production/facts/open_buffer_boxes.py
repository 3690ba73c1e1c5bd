"""How many boxes the open buffer pallet has (domain 4.33)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.buffer import collecting


def open_buffer_boxes() -> int:
    """Return its boxes; none without one."""
    pallet = collecting()
    return pallet.box_count or 0 if pallet else 0


FACT = Fact(params=(), result="integer", answer=open_buffer_boxes)
