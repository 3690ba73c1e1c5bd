"""The plate freezers that a mix may go into (domain 4.26)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.catalogue.models import Freezer
from crm.fact import Fact
from crm.production.freezers import with_free
from crm.production.models import Mix


def may_go_into(mix: Mix, freezer: Freezer) -> bool:
    """Tell whether a plate freezer is one of a mix's: those of its line, of a joint order all."""
    joint = mix.order is not None and mix.order.line_mode == "both"
    return joint or freezer.line == mix.line


def free_plate_freezers(mix: Mix) -> Iterator[Freezer]:
    """Give the free ones of the mix's line; of a joint order those of both, its own line first."""
    found = [one for one, _ in with_free("plate") if may_go_into(mix, one)]
    yield from sorted(found, key=lambda one: (one.line != mix.line, one.number))


FACT = Fact(params=("mix",), result="list of freezer", answer=free_plate_freezers)
