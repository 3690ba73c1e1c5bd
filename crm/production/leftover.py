"""What is left on a line of one mix gets into the next one (domain 14.1.1): nobody weighs it, and
nobody notes when a line is cleaned, so it is from mix to mix of a shift; of a mix that was accepted
by hand, of which only the day is known, of that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from crm.ledger.models import Edge, Lot
from crm.ledger.operations.post import EdgeLine
from crm.prepared import MOMENT, Prepared
from crm.production.day import shift_began, span_of
from crm.production.lines import LINES
from crm.production.models import Mix
from crm.production.models.mix import DISCHARGED


def _before(line: int) -> Prepared:
    return Prepared(
        lambda began: Lot.objects.filter(
            mix__line=line, mix__produced_at__gte=began, mix__state__in=DISCHARGED
        ).order_by("-mix__produced_at", "-mix__pk")[:1],
        MOMENT,
    )


BEFORE = {line: _before(line) for line in LINES["both"]}


def carried_over(mix: Mix, at: datetime) -> Iterator[EdgeLine]:
    """Give what a mix that leaves the mixer took over from the one that left it before on the same
    line in the same shift: an edge without kilograms."""
    for lot in BEFORE[mix.line].rows(shift_began(at)) if mix.line is not None else ():
        yield EdgeLine(lot, mix.lot, Decimal(0), Edge.Kind.CARRY_OVER.value)


def carried_by_hand(mix: Mix) -> Iterator[EdgeLine]:
    """Give what a mix that was accepted by hand took over from the mix of its line and production
    day that was born before it, and left for the one born after it: the chain of the line then
    leads through it."""
    if mix.line is None or mix.produced_at is None:
        return
    begins, ends = span_of(mix.produced_at)
    there = Lot.objects.filter(
        mix__line=mix.line,
        mix__produced_at__gte=begins,
        mix__produced_at__lt=ends,
        mix__state__in=DISCHARGED,
    )
    kind, nothing = Edge.Kind.CARRY_OVER.value, Decimal(0)
    before = there.filter(born__lt=mix.lot.born).order_by("born").last()
    if before is not None:
        yield EdgeLine(before, mix.lot, nothing, kind)
    after = there.filter(born__gt=mix.lot.born).order_by("born").first()
    if after is not None:
        yield EdgeLine(mix.lot, after, nothing, kind)
