"""The blanks that stand in a state of the defroster's work (domain 4.15)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import Blank


def blanks_in(state: str) -> Iterator[Blank]:
    """Give the blanks, oldest arrival first."""
    yield from Blank.objects.filter(state=state).order_by("arrival_date", "pk")


FACT = Fact(
    params=("choice(unpacked, defrosting, defrosted)",), result="list of blank", answer=blanks_in
)
