"""What is left on a line of one mix gets into the next one (domain 14.1.1): nobody weighs it, and
nobody notes when a line is cleaned, so it is from mix to mix of a shift."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from crm.ledger.models import Edge, Lot
from crm.ledger.operations.post import EdgeLine
from crm.prepared import MOMENT, Prepared
from crm.production.day import shift_began
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
