"""Traces: complete both ways, any depth, with kilograms and shares."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.ledger.models import Account, Edge, Lot
from crm.ledger.operations.post import EdgeLine, Line
from crm.ledger.operations.reverse import reverse
from crm.ledger.trace import Trace, Way, lots_of, trace
from crm.ledger.verify import verify
from tests.crm.ledger.genealogy import AT, born, make, receive, write

pytestmark = pytest.mark.django_db


def shares(found: Trace) -> dict[int, tuple[str, str]]:
    """Return the suspect kilograms and the share by lot."""
    return {lot: (str(part.suspect), str(part.share)) for lot, part in found.parts.items()}


def test_what_was_made_of_a_batch_shares_its_mass_by_kilograms() -> None:
    raw, other = receive("100"), receive("300")
    blank, mix, pallet = born("blank"), born(), born("pallet")
    make(blank, (raw, "60"), (other, "180"))
    make(mix, (blank, "120"))
    make(pallet, (mix, "90"))
    found = trace(raw.pk, Way.FORWARD)
    assert shares(found) == {
        raw.pk: ("100.000", "100.00"),
        blank.pk: ("60.000", "60.00"),
        mix.pk: ("30.000", "30.00"),
        pallet.pk: ("22.500", "22.50"),
    }
    assert [str(part.kg) for part in found.parts.values()] == [
        "100.000", "240.000", "120.000", "90.000",
    ]  # fmt: skip


def test_what_a_pallet_was_made_of_shares_the_mass_of_the_pallet() -> None:
    raw, other = receive("100"), receive("300")
    mix, pallet = born(), born("pallet")
    make(mix, (raw, "60"), (other, "180"))
    make(pallet, (mix, "40"))
    found = trace(pallet.pk, Way.BACKWARD)
    assert shares(found) == {
        pallet.pk: ("40.000", "100.00"),
        mix.pk: ("40.000", "100.00"),
        other.pk: ("30.000", "75.00"),
        raw.pk: ("10.000", "25.00"),
    }
    assert str(found.parts[raw.pk].kg) == "100.000"


def test_rework_is_in_the_set_and_what_was_left_on_the_line_when_it_is_asked_for() -> None:
    raw, clean = receive("100"), receive("100")
    first, rework, second, third, pallet = born(), born("second_minced"), born(), born(), born()
    make(first, (raw, "100"))
    make(rework, (first, "10"), kind="rework", estimated=True)
    make(second, (clean, "90"), (rework, "10"))
    make(third, (clean, "5"))
    make(third, (second, "0"), kind="carry_over")
    make(pallet, (third, "1"))
    beside = {third.pk, pallet.pk}
    made = {one.pk for one in (raw, first, rework, second)}
    assert set(trace(raw.pk, Way.FORWARD).parts) == lots_of([raw.pk], Way.FORWARD) == made
    found = trace(raw.pk, Way.FORWARD, carry_over=True)
    assert set(found.parts) == made | beside
    assert lots_of([raw.pk], Way.FORWARD, carry_over=True) == made | beside
    assert {str(found.parts[lot].suspect) for lot in beside} == {"0.000"}
    assert second.pk not in trace(pallet.pk, Way.BACKWARD).parts
    assert second.pk in trace(pallet.pk, Way.BACKWARD, carry_over=True).parts
    assert not [check for check in verify() if check.count and "роисхожд" in check.title]
    assert str(found.parts[second.pk].share) == "10.00"
    assert [link.kind for link in found.next_of(first.pk)] == ["rework"]
    assert found.next_of(first.pk)[0].estimated
    assert clean.pk in trace(pallet.pk, Way.BACKWARD).parts


def test_a_diamond_is_counted_once_and_whole() -> None:
    raw, left, right, pallet = receive("10"), born(), born(), born("pallet")
    make(left, (raw, "4"))
    make(right, (raw, "6"))
    make(pallet, (left, "4"), (right, "6"))
    assert shares(trace(raw.pk, Way.FORWARD))[pallet.pk] == ("10.000", "100.00")
    assert shares(trace(pallet.pk, Way.BACKWARD))[raw.pk] == ("10.000", "100.00")


def test_a_share_that_rounds_to_nothing_shrinks_no_set() -> None:
    raw, much, mix = receive("0.001"), receive("40000"), born()
    make(mix, (raw, "0.001"), (much, "40000"))
    found = trace(mix.pk, Way.BACKWARD)
    assert str(found.parts[raw.pk].share) == "0.00"
    assert raw.pk in found.parts


def test_what_was_reversed_leads_nowhere() -> None:
    raw, mix = receive("10"), born()
    event = make(mix, (raw, "4"))
    reverse(event, by=None, reason="ошибка", occurred_at=AT)
    assert set(trace(raw.pk, Way.FORWARD).parts) == {raw.pk}


def test_what_was_carried_over_goes_past_a_lot_that_is_taken_back() -> None:
    raw = receive("30")
    lots = [born() for _ in range(4)]
    events = []
    for before, lot in zip([None, *lots], lots, strict=False):
        edges = [EdgeLine(raw, lot, Decimal(5))]
        edges += [EdgeLine(before, lot, Decimal(0), kind="carry_over")] if before else []
        gram = Decimal("0.001")
        lines = (Line(raw, Account.PROCESS, gram), Line(raw, Account.SCRAP, -gram))
        events.append(write(*lines, edges=tuple(edges)))
    first, *back, last = lots
    for event in events[1:3]:
        reverse(event, by=None, reason="ошибка", occurred_at=AT)
    assert lots_of([first.pk], Way.FORWARD, carry_over=True) == {first.pk, last.pk}
    live = Edge.objects.filter(kind="carry_over", voided_by=None)
    assert [(one.parent, one.child, one.kg) for one in live] == [(first, last, 0)]
    assert not Lot.objects.filter(pk__in=[one.pk for one in back], born__isnull=False).exists()


def test_a_lot_without_genealogy_is_alone_with_its_mass() -> None:
    raw = receive("10")
    for way in Way:
        found = trace(raw.pk, way)
        assert (str(found.kg), list(found.parts), found.links) == ("10.000", [raw.pk], ())


def test_a_chain_of_a_thousand_lots_takes_two_queries() -> None:
    raw = receive("10")
    event = make(born(), (raw, "1"))
    chain = Lot.objects.bulk_create(Lot(kind="mix", born=1000 + n) for n in range(1001))
    Edge.objects.bulk_create(
        Edge(
            event=event, parent=parent, child=child, kg=Decimal(1), kind="made",
            parent_born=1000 + number, child_born=1001 + number,
        )
        for number, (parent, child) in enumerate(pairwise(chain))
    )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        found = trace(chain[0].pk, Way.FORWARD)
    assert (len(found.parts), len(queries)) == (1001, 2)


Joins = list[tuple[int, int, int]]  # parent, child, grams: a parent has the lower number


@st.composite
def joins(draw: st.DrawFn) -> Joins:
    """Any genealogy of up to 12 lots."""
    lots = draw(st.integers(2, 12))
    pairs = [(one, other) for other in range(lots) for one in range(other)]
    some = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=24))
    return [(one, other, draw(st.integers(1, 10**7))) for one, other in sorted(some)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(drawn=joins())
def test_forward_from_each_lot_and_backward_from_each_found_one_agree(
    db: None, drawn: Joins
) -> None:
    with transaction.atomic():
        first = receive("1")
        event = make(born(), (first, "1"))
        most = max((child for _, child, _ in drawn), default=1)
        lots = Lot.objects.bulk_create(Lot(kind="mix", born=100 + n) for n in range(most + 1))
        Edge.objects.bulk_create(
            Edge(
                event=event, parent=lots[one], child=lots[other], kind="made",
                kg=Decimal(grams).scaleb(-3), parent_born=100 + one, child_born=100 + other,
            )
            for one, other, grams in drawn
        )  # fmt: skip
        forward = {lot.pk: trace(lot.pk, Way.FORWARD) for lot in lots}
        backward = {lot.pk: trace(lot.pk, Way.BACKWARD) for lot in lots}
        for one in lots:
            assert set(forward[one.pk].parts) == lots_of([one.pk], Way.FORWARD)
            for other in lots:
                found = forward[one.pk].parts.get(other.pk)
                origin = backward[other.pk].parts.get(one.pk)
                assert (found is None) == (origin is None)
                if found and origin and one != other:
                    assert abs(found.suspect - origin.suspect) <= Decimal("0.001")
        transaction.set_rollback(True)


@pytest.mark.sqlite_only
def test_sqlite_reads_no_filter_of_all_edges_once_its_tables_are_analysed() -> None:
    raw = receive("10")
    event = make(born(), (raw, "1"))
    lots = Lot.objects.bulk_create(Lot(kind="mix", born=1000 + n) for n in range(5001))
    Edge.objects.bulk_create(
        Edge(
            event=event, parent=parent, child=child, kg=Decimal(1), kind="made",
            parent_born=1000 + number, child_born=1001 + number,
        )
        for number, (parent, child) in enumerate(pairwise(lots))
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        for way in Way:
            with CaptureQueriesContext(connection) as queries:
                trace(raw.pk, way)
            for query in queries:
                if "RECURSIVE" in query["sql"]:
                    cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                    plan = [row[-1] for row in cursor.fetchall()]
                    assert not [line for line in plan if "BLOOM" in line]
        cursor.execute("DELETE FROM sqlite_stat1")
