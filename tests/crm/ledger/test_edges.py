"""Genealogy: edges are written with the event, and voided with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from crm.ledger.models import Account, Edge, Event, Lot
from crm.ledger.operations.bear import bear
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.ledger.operations.reverse import reverse
from crm.ledger.trace import Way, lots_of
from engine.errors import EngineError, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def raw(at: datetime) -> Lot:
    lot = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
    bear(lot)
    lines = [Line(lot, Account.SUPPLIER, Decimal(-10)), Line(lot, Account.RAW_STORE, Decimal(10))]
    post("receipt", lines, by=None, session=None, source="test", key="in", occurred_at=at)
    return lot


def make(parent: Lot, amount: str, at: datetime, child: Lot | None = None) -> tuple[Lot, Event]:
    """Move kilograms of a raw lot into a mix."""
    mix = child or Lot.objects.create(kind=Lot.Kind.MIX)
    bear(mix)
    weight = Decimal(amount)
    half = EdgeLine(parent, mix, weight / 2)
    event = post(
        "discharge",
        [Line(parent, Account.RAW_STORE, -weight), Line(parent, Account.PROCESS, weight)],
        by=None, session=None, source="test", key=f"{mix.pk}-{mix.born}", occurred_at=at,
        edges=[half, replace(half, estimated=True)],
    )  # fmt: skip
    return mix, event


def test_an_edge_keeps_the_order_of_births_and_the_sum_of_its_lines(raw: Lot, at: datetime) -> None:
    mix, event = make(raw, "4", at)
    edge = Edge.objects.get()
    assert (edge.parent, edge.child, edge.kg, edge.event) == (raw, mix, 4, event)
    assert (edge.parent_born, edge.child_born, edge.estimated) == (raw.born, mix.born, True)


def test_an_edge_to_a_lot_that_is_not_born_is_our_bug(raw: Lot, at: datetime) -> None:
    unborn = Lot.objects.create(kind=Lot.Kind.MIX)
    lines = [Line(raw, Account.RAW_STORE, Decimal(-1)), Line(raw, Account.PROCESS, Decimal(1))]
    with pytest.raises(EngineError, match="not born"):
        post(
            "x", lines, by=None, session=None, source="t", key="k", occurred_at=at,
            edges=[EdgeLine(raw, unborn, Decimal(1))],
        )  # fmt: skip


def test_a_reversal_voids_the_edges_and_takes_the_birth(raw: Lot, at: datetime) -> None:
    mix, event = make(raw, "4", at)
    reversal = reverse(event, by=None, reason="ошибка", occurred_at=at)
    mix.refresh_from_db()
    raw.refresh_from_db()
    assert Edge.objects.get().voided_by == reversal
    assert (mix.born, raw.born) == (None, 1)
    assert lots_of([raw.pk], Way.FORWARD) == {raw.pk}


def test_what_is_made_again_gets_a_new_place_in_the_order_and_an_edge_of_its_own(
    raw: Lot, at: datetime
) -> None:
    mix, event = make(raw, "4", at)
    first = mix.born
    reverse(event, by=None, reason="ошибка", occurred_at=at)
    make(raw, "3", at, child=mix)
    assert first is not None
    assert mix.born == first + 1
    assert Edge.objects.filter(voided_by__isnull=True).get().kg == 3
    reverse(event, by=None, reason="ошибка", occurred_at=at)  # done already: nothing changes
    mix.refresh_from_db()
    assert mix.born == first + 1


def test_what_something_was_made_of_is_not_undone(raw: Lot, at: datetime) -> None:
    mix, event = make(raw, "4", at)
    pallet = Lot.objects.create(kind=Lot.Kind.PALLET)
    bear(pallet)
    lines = [Line(pallet, Account.PROCESS, Decimal(-4)), Line(pallet, Account.FG_STORE, Decimal(4))]
    post(
        "accept", lines, by=None, session=None, source="test", key="p", occurred_at=at,
        edges=[EdgeLine(mix, pallet, Decimal(4))],
    )  # fmt: skip
    with pytest.raises(Refused, match="уже что-то сделано"):
        reverse(event, by=None, reason="ошибка", occurred_at=at)
    assert lots_of([raw.pk], Way.FORWARD) == {raw.pk, mix.pk, pallet.pk}
