"""What a check of the plan that failed or was missed is about (domain 14.3)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production.lots import named
from crm.quality.checks import inside, last_good
from crm.quality.models import Check
from engine.languages.message import Message

MOST = 20  # of a long list the rest is counted


def check_product(check: Check) -> str:
    """Name what was there since the last good check of the point: that is to be decided on."""
    year = timezone.localdate().year
    found = named(inside(check, last_good(check)))
    lots = [found[lot].among(year) for lot in sorted(found)]
    if not lots:
        return Message("продукта нет")
    text = ", ".join(lots[:MOST])
    if len(lots) <= MOST:
        return text
    return Message("{lots} и ещё {more}", {"lots": text, "more": str(len(lots) - MOST)})


FACT = Fact(params=("check",), result="text", answer=check_product)
