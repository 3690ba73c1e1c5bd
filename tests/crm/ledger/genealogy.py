"""A small genealogy for tests: lots that are born in order, and events that join them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from crm.ledger.models import Account, Event, Lot
from crm.ledger.operations.bear import bear
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.production.models import RawBatch

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def born(kind: str = "mix") -> Lot:
    """Return a lot that has come to be."""
    lot = Lot.objects.create(kind=kind)
    bear(lot)
    return lot


def write(*lines: Line, kind: str = "made", edges: tuple[EdgeLine, ...] = ()) -> Event:
    """Write an event of these lines and edges."""
    return post(
        kind, lines, by=None, session=None, source="test", key=str(uuid4()), occurred_at=AT,
        edges=edges,
    )  # fmt: skip


def receive(kg: str) -> Lot:
    """Return a raw lot with kilograms of the supplier on the store."""
    lot, mass = born("raw_batch"), Decimal(kg)
    RawBatch.objects.create(lot=lot, year=AT.year, session=uuid4(), created_at=AT)
    write(Line(lot, Account.SUPPLIER, -mass), Line(lot, Account.RAW_STORE, mass), kind="receipt")
    return lot


def make(
    into: Lot, *parents: tuple[Lot, str], kind: str = "made", estimated: bool = False
) -> Event:
    """Let kilograms of each parent go into a lot. Only the genealogy is of interest here: the
    lines move a gram of the first parent through production and back."""
    gram = Decimal("0.001")
    first = parents[0][0]
    edges = tuple(
        EdgeLine(parent, into, Decimal(kg), kind=kind, estimated=estimated)
        for parent, kg in parents
    )
    return write(Line(first, Account.PROCESS, gram), Line(first, Account.SCRAP, -gram), edges=edges)
