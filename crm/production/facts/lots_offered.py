"""Which lots a person may mean (domain 4.41): the one that was opened already, else those of a
number."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.ledger.models import Lot
from crm.production.facts.lots_named import lots_named


def lots_offered(asked: Lot | None, word: str | None) -> Iterator[Lot]:
    """Give the opened lot alone; without one, the lots of exactly this number or code."""
    if asked is not None:
        yield asked
    elif word:
        yield from lots_named(word)


FACT = Fact(params=("lot?", "text?"), result="list of lot", answer=lots_offered)
