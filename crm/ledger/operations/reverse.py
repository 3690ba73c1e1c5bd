"""Undo a posting document by its opposite."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from crm.ledger.models import Account, Edge, Event, Lot, Posting
from crm.ledger.operations.bear import unbear
from crm.ledger.operations.post import EdgeLine, Line, post
from engine.errors import Refusal, Refused
from engine.languages.message import Message

if TYPE_CHECKING:
    from crm.people.models import Person

NOTHING = Decimal(0)


@transaction.atomic
def reverse(event: Event, *, by: Person | None, reason: str, occurred_at: datetime) -> Event:
    """Write the event that undoes another, void its edges, and take the birth of the lots that
    came to be by it; done twice it returns the first one. What was carried over by such a lot from
    the one before it goes on to the one after it.

    Raises Refused when something of the kilograms is used or reserved meanwhile."""
    lines = [
        Line(posting.lot, Account(posting.account), -posting.kg, posting.order, posting.mix)
        for posting in event.postings.select_related("lot", "order", "mix")
    ]
    born = list(_born_by(event))
    carried, past = _carried(born)
    reversal = post(
        f"reverse_{event.kind}",
        lines,
        by=by,
        session=None,
        source="reverse",
        key=str(event.pk),
        occurred_at=occurred_at,
        reverses=event,
        reason=reason,
        edges=past,
    )
    mine = Q(event=event) | Q(pk__in=carried)
    Edge.objects.filter(mine, voided_by__isnull=True).update(voided_by=reversal)
    used = Edge.objects.filter(parent__in=born, voided_by__isnull=True)
    if used.exists():
        text = Message("Отменить нельзя: из этого уже что-то сделано. Сначала отмените сделанное")
        raise Refused(Refusal(text))
    for lot in born:
        unbear(lot)
    return reversal


def _carried(lots: list[Lot]) -> tuple[list[int], list[EdgeLine]]:
    """Return the edges of what was carried over to lots and from them, and those that go past
    them."""
    touching = Q(parent__in=lots) | Q(child__in=lots)
    rows = Edge.objects.filter(touching, kind=Edge.Kind.CARRY_OVER, voided_by__isnull=True)
    edges = list(rows.select_related("parent", "child"))
    before = [one.parent for one in edges if one.parent not in lots]
    after = [one.child for one in edges if one.child not in lots]
    kind = Edge.Kind.CARRY_OVER.value
    past = [EdgeLine(old, young, NOTHING, kind) for old in before for young in after]
    return [one.pk for one in edges], past


def _born_by(event: Event) -> list[Lot]:
    """Return the lots that this event alone tells of: no other event that stands brought them
    anywhere or made them of something."""
    standing = Q(event__reverses__isnull=True, event__reversed_by__isnull=True) & ~Q(event=event)
    moved = event.postings.values_list("lot_id", flat=True)
    made = event.edges.values_list("child_id", flat=True)
    return list(
        Lot.objects.filter(pk__in={*moved, *made}, born__isnull=False)
        .exclude(Exists(Posting.objects.filter(standing, lot=OuterRef("pk"))))
        .exclude(Exists(Edge.objects.filter(standing, child=OuterRef("pk"))))
        .order_by("pk")
    )
