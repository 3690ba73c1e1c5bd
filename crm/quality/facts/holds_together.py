"""Which holds were placed in one go (domain 4.42)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.quality.models import Hold
from crm.quality.together import open_with


def holds_together(hold: Hold) -> Iterator[Hold]:
    """Give the open holds that were placed together with a hold, itself among them."""
    yield from open_with(hold)


FACT = Fact(params=("hold",), result="list of hold", answer=holds_together)
