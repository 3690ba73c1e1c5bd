"""The shockers that have a free place (domain 4.32)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.catalogue.models import Freezer
from crm.fact import Fact
from crm.production.freezers import with_free


def free_shockers() -> Iterator[Freezer]:
    """Give them by number."""
    yield from (one for one, _ in with_free("shock"))


FACT = Fact(params=(), result="list of freezer", answer=free_shockers)
