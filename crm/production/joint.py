"""When a line may help the other one (domain 4.27, 6.4). Start at `offered`."""

from __future__ import annotations

from functools import cache

from django.db import models
from django.db.models import Exists, OuterRef

from crm.asked_once import asked_once
from crm.prepared import Prepared
from crm.production.lines import LINES, QUEUE, others_on
from crm.production.models import MincedOrder, Mix
from crm.production.models.choices import ProductLine
from crm.production.models.mix import DISCHARGED
from crm.production.shares import OUT

AT_MOST = 5  # orders to choose among


def own_line(order: MincedOrder) -> int:
    """Return the line of an order that goes along one."""
    return LINES[order.line_mode][0]


def other_line(order: MincedOrder) -> int:
    """Return the line that could help an order that goes along one."""
    return 3 - own_line(order)


def waiting_orders(order: MincedOrder) -> list[MincedOrder]:
    """Return the ММО orders of the same line whose mixes wait, in the order of the queue."""
    return [one for one in _waiting() if one.line_mode == order.line_mode][:AT_MOST]


@asked_once
def _waiting() -> tuple[MincedOrder, ...]:
    """Return those of all lines: the dispatcher asks about each."""
    return tuple(WAITING.rows())


@asked_once
def _is_anything_before(line: int) -> bool:
    return bool(_before(line).rows())


@asked_once
def _last_out_of(line: int) -> Mix | None:
    """Return the ММО mix that left the mixer of a line last."""
    return next(iter(_out_of(line).rows()), None)


def _with_queued(*modes: str) -> models.QuerySet[MincedOrder]:
    queued = Mix.objects.filter(order=OuterRef("pk"), state=Mix.State.QUEUED)
    return MincedOrder.objects.filter(
        Exists(queued), state=MincedOrder.State.ACTIVE, line_mode__in=modes
    )


WAITING = Prepared(
    lambda: (
        _with_queued(*LINES)
        .filter(product_line=ProductLine.MMO)
        .select_related("recipe")
        .order_by(*QUEUE)
    ),
)


@cache
def _out_of(line: int) -> Prepared:
    mixes = Mix.objects.filter(line=line, state__in=DISCHARGED)
    mine = mixes.filter(order__product_line=ProductLine.MMO).select_related("order")
    return Prepared(lambda: mine.order_by("-produced_at")[:1])


@cache
def _before(line: int) -> Prepared:
    modes = [mode for mode, lines in LINES.items() if line in lines]
    return Prepared(lambda: _with_queued(*modes).order_by().values_list("pk")[:1])


def offered(order: MincedOrder) -> bool:
    """Tell whether to ask about an order: it is the first that waits on its line, and the other
    line has nothing on it and nothing before it since the last mix of an order of its own left the
    mixer; unless somebody has said no since."""
    waiting = waiting_orders(order)
    if not waiting or waiting[0] != order:
        return False
    line = other_line(order)
    if others_on(line) or _is_anything_before(line):
        return False
    last = _last_out_of(line)
    if last is None or last.order is None or LINES[last.order.line_mode] != (line,):
        return False
    if last.order.mixes.exclude(state__in=OUT).exists():
        return False
    refused = order.joint_refused_at
    return refused is None or last.produced_at is None or refused < last.produced_at
