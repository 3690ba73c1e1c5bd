"""Which lots a typed number or the code of a label means (domain 4.41)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from crm.fact import Fact
from crm.ledger.models import Lot
from crm.production.lots import find_lots


def lots_named(word: str) -> Iterator[Lot]:
    """Give the lots of exactly this number or code, those of this year first, then the newest."""
    ids = find_lots(word, timezone.localtime())
    lots = Lot.objects.in_bulk(ids)
    yield from (lots[one] for one in ids)


FACT = Fact(params=("text",), result="list of lot", answer=lots_named)
