"""Holds forbid exactly the uses of the table of domain 5.12, of a lot and of what inherits it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.ledger.models import Account, Lot
from crm.ledger.operations.bear import bear
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.production.models import Pallet, PalletItem, RawBatch
from crm.quality.models import Hold, HoldKind
from crm.quality.operations.hold_forward import hold_forward
from crm.quality.operations.place_hold import place_hold
from crm.quality.operations.release_hold import release_hold
from crm.quality.usable import Use, blocked_lots, blocking, refuse_blocked
from engine.errors import Refused

pytestmark = pytest.mark.django_db
WHY = "кость в образце"
TABLE = """
lab           yes yes no  yes
antibiotic    yes yes no  yes
fhp           yes yes no  yes
ash           yes yes no  yes
returned      yes yes no  yes
core_temp     yes yes no  yes
no_origin     yes yes no  yes
foreign_body  yes yes yes yes
manual        yes yes yes yes
ccp           yes yes yes yes
recall        yes yes yes yes
expired       yes yes no  yes
"""  # planning, physical use, freezing and palletizing, shipping


@pytest.fixture
def chain(at: datetime) -> list[Lot]:
    """Raw → blank → mix → pallet, a kilogram each."""
    return chained(at, "raw_batch", "blank", "mix", "pallet")


def chained(at: datetime, *kinds: str) -> list[Lot]:
    """Make lots one of the other, a kilogram each; what comes of вторфарш and goes into it is
    joined as the operations do."""
    lots = [Lot.objects.create(kind=kind) for kind in kinds]
    for lot in lots:
        bear(lot)
    lines = [
        Line(lots[0], Account.SUPPLIER, Decimal(-1)),
        Line(lots[0], Account.PROCESS, Decimal(1)),
    ]
    edges = [
        EdgeLine(
            parent,
            child,
            Decimal(1),
            "rework" if "second_minced" in (parent.kind, child.kind) else "made",
        )
        for parent, child in pairwise(lots)
    ]
    post(
        "made", lines, by=None, session=None, source="test", key="all", occurred_at=at, edges=edges
    )
    return lots


@pytest.fixture
def quality() -> list[Person]:
    """Three quality managers."""
    return [
        save_person(None, person=None, full_name=f"Зорина {n}", roles=["quality_manager"])
        for n in (1, 2, 3)
    ]


@pytest.mark.parametrize("line", TABLE.strip().splitlines(), ids=lambda line: line.split()[0])
def test_a_hold_forbids_the_uses_of_its_line(line: str, at: datetime) -> None:
    kind, *forbidden = line.split()
    lot = Lot.objects.create(kind="pallet")
    hold = place_hold(None, lot=lot, kind=kind, reason=WHY, at=at)
    found = ["yes" if blocking(lot, use) == hold else "no" for use in Use]
    assert found == forbidden


def test_the_table_names_every_kind() -> None:
    assert {line.split()[0] for line in TABLE.strip().splitlines()} == set(HoldKind.values)


@pytest.mark.parametrize(
    ("kind", "inherited"),
    [("lab", False), ("antibiotic", True), ("fhp", True), ("manual", True), ("recall", True)],
)
def test_what_was_made_of_a_held_lot_is_not_shipped(
    chain: list[Lot], kind: str, inherited: bool, at: datetime
) -> None:
    place_hold(None, lot=chain[0], kind=kind, reason=WHY, at=at)
    assert (blocking(chain[-1], Use.SHIPPING) is not None) is inherited
    assert blocking(chain[-1], Use.FREEZING) is None


@pytest.mark.parametrize(
    ("kind", "inherited"),
    [("fhp", False), ("ash", False), ("antibiotic", True), ("returned", True), ("recall", True)],
)
def test_what_an_analysis_found_of_a_mix_ends_where_it_is_made_into_rework(
    kind: str, inherited: bool, at: datetime
) -> None:
    mix, pallet, rework, new_mix, new_pallet = chained(
        at, "mix", "pallet", "second_minced", "mix", "pallet"
    )
    place_hold(None, lot=mix, kind=kind, reason=WHY, at=at)
    assert blocking(pallet, Use.SHIPPING)
    made_anew = blocked_lots([rework, new_mix, new_pallet], Use.SHIPPING)
    assert len(made_anew) == (3 if inherited else 0)


def test_a_blank_of_a_batch_with_an_antibiotic_is_neither_planned_nor_used(
    chain: list[Lot], at: datetime
) -> None:
    place_hold(None, lot=chain[0], kind="antibiotic", reason=WHY, at=at)
    assert blocking(chain[1], Use.PLANNING)
    assert blocking(chain[1], Use.PHYSICAL)


def test_what_a_held_lot_was_made_of_stays_free(chain: list[Lot], at: datetime) -> None:
    place_hold(None, lot=chain[2], kind="manual", reason=WHY, at=at)
    assert set(blocked_lots(chain, Use.SHIPPING)) == {chain[2].pk, chain[3].pk}


def test_a_pallet_that_is_not_accepted_yet_carries_the_holds_of_its_content(at: datetime) -> None:
    mix, own = (Lot.objects.create(kind=kind) for kind in ("mix", "pallet"))
    pallet = Pallet.objects.create(
        number=7, production_day=at.date(), lot=own, kind="mix", created_at=at
    )
    PalletItem.objects.create(pallet=pallet, lot=mix, kg=Decimal(1))
    hold = place_hold(None, lot=mix, kind="foreign_body", reason=WHY, at=at)
    assert blocking(own, Use.FREEZING) == hold


def test_with_two_holds_releasing_one_leaves_the_lot_blocked(
    technologist: Person, at: datetime
) -> None:
    lot = Lot.objects.create(kind="mix")
    first = place_hold(None, lot=lot, kind="fhp", reason=WHY, at=at)
    second = place_hold(None, lot=lot, kind="ash", reason=WHY, at=at)
    release_hold(technologist, hold=first, reason="пересортица", at=at)
    assert blocking(lot, Use.SHIPPING) == second
    release_hold(technologist, hold=second, reason="пересортица", at=at)
    assert blocking(lot, Use.SHIPPING) is None


def test_asking_of_a_thousand_lots_takes_two_queries(chain: list[Lot], at: datetime) -> None:
    Lot.objects.bulk_create(Lot(kind="pallet") for _ in range(1000))
    place_hold(None, lot=chain[0], kind="recall", reason=WHY, at=at, case="ОТЗ-2026-1")
    lots = list(Lot.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as queries:
        assert len(blocked_lots(lots, Use.SHIPPING)) == 4
    assert len(queries) == 2


def test_a_refusal_names_the_thing_the_kind_and_the_reason(
    receive: Callable[..., RawBatch], at: datetime
) -> None:
    batch = receive()
    refuse_blocked([batch.lot], Use.PLANNING)
    place_hold(None, lot=batch.lot, kind="lab", reason=WHY, at=at)
    with pytest.raises(Refused, match=f"2211/3: заблокировано. Анализ сырья: {WHY}"):
        refuse_blocked([batch.lot], Use.PLANNING)


def test_a_hold_placed_twice_is_one(at: datetime) -> None:
    lot = Lot.objects.create(kind="mix")
    first = place_hold(None, lot=lot, kind="fhp", reason=WHY, at=at)
    assert place_hold(None, lot=lot, kind="fhp", reason="другая причина", at=at) == first


@pytest.mark.parametrize("reason", ["", "  кра  ", "я" * 501])
def test_a_hold_needs_a_reason_of_5_to_500_characters(reason: str, at: datetime) -> None:
    with pytest.raises(Refused, match="от 5 до 500"):
        place_hold(None, lot=Lot.objects.create(kind="mix"), kind="fhp", reason=reason, at=at)


def test_a_whole_forward_set_is_held_at_once_and_once(chain: list[Lot], at: datetime) -> None:
    place_hold(None, lot=chain[2], kind="manual", reason=WHY, at=at)
    held = hold_forward(None, lot=chain[1], kind="manual", reason=WHY, at=at)
    assert [hold.lot_id for hold in held] == [lot.pk for lot in chain[1:]]
    hold_forward(None, lot=chain[1], kind="manual", reason=WHY, at=at)
    assert Hold.objects.count() == 3


def test_a_hold_of_two_people_is_released_by_a_second_who_did_not_place_it(
    quality: list[Person], at: datetime
) -> None:
    placed, asked, other = quality
    lot = Lot.objects.create(kind="mix")
    hold = place_hold(placed, lot=lot, kind="manual", reason=WHY, at=at)
    assert release_hold(asked, hold=hold, reason="проверено", at=at).released_at is None
    for wrong in (asked, placed):
        with pytest.raises(Refused, match="второй человек"):
            release_hold(wrong, hold=hold, reason="проверено", at=at)
    released = release_hold(other, hold=hold, reason="проверено", at=at)
    assert (released.released_by, released.asked_by, released.released_at) == (other, asked, at)


@pytest.mark.parametrize("maker", [0, 1], ids=["who placed it", "who asked"])
def test_an_account_that_one_of_them_made_for_himself_releases_no_hold(
    quality: list[Person], maker: int, at: datetime
) -> None:
    hold = place_hold(
        quality[0], lot=Lot.objects.create(kind="mix"), kind="manual", reason=WHY, at=at
    )
    release_hold(quality[1], hold=hold, reason="проверено", at=at)
    double = save_person(
        quality[maker], person=None, full_name="Двойник", roles=["quality_manager"]
    )
    with pytest.raises(Refused, match="Нужен другой человек"):
        release_hold(double, hold=hold, reason="проверено", at=at)
    assert release_hold(quality[2], hold=hold, reason="проверено", at=at).released_at == at


def test_an_antibiotic_is_released_by_one_of_each_role(
    quality: list[Person], technologist: Person, at: datetime
) -> None:
    hold = place_hold(
        None, lot=Lot.objects.create(kind="mix"), kind="antibiotic", reason=WHY, at=at
    )
    release_hold(quality[0], hold=hold, reason="проверено", at=at)
    with pytest.raises(Refused, match="Нужны двое"):
        release_hold(quality[1], hold=hold, reason="проверено", at=at)
    assert release_hold(technologist, hold=hold, reason="проверено", at=at).released_at == at


def test_who_has_not_the_role_releases_nothing(receiver: Person, at: datetime) -> None:
    hold = place_hold(None, lot=Lot.objects.create(kind="mix"), kind="fhp", reason=WHY, at=at)
    with pytest.raises(Refused, match="Снять может только: Главный технолог"):
        release_hold(receiver, hold=hold, reason="проверено", at=at)
    assert release_hold(receiver, hold=hold, reason="проверено", at=at, decided=True).released_at
