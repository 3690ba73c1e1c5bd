"""The blanks that are done with the defroster and may be put into it again (domain 4.15, 5.2)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.facts.is_blank_used import is_blank_used
from crm.production.models import Blank


def blanks_to_repeat() -> Iterator[Blank]:
    """Give the ready blanks that nothing is reserved or taken of, oldest arrival first."""
    ready = Blank.objects.filter(state=Blank.State.READY).order_by("arrival_date", "pk")
    yield from (blank for blank in ready if not is_blank_used(blank))


FACT = Fact(params=(), result="list of blank", answer=blanks_to_repeat)
