"""Analyses of raw batches: every attempt kept, with the limits of its moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from crm.ledger.operations.move_state import move_state
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.quality.facts.product_limits_met import product_limits_met
from crm.quality.models import Deviation, LimitVersion, RawAnalysis
from engine.errors import Refused
from tests.crm.conftest import Analyse

pytestmark = pytest.mark.django_db
Receive = Callable[..., RawBatch]


def limit(at: datetime, when: str, most: str, version: int = 1) -> None:
    LimitVersion.objects.create(
        name="raw_fat", when=when, most=Decimal(most), unit="%", source="приказ", version=version,
        since=at.replace(month=1), position=len(when),
    )  # fmt: skip


def known(batch: RawBatch) -> RawBatch:
    return RawBatch.objects.get(pk=batch.pk)


def test_the_last_attempt_counts_and_those_before_stay(receive: Receive, analyse: Analyse) -> None:
    batch = receive()
    analyse(batch, smell="bad", failed=True)
    analyse(batch, fat=Decimal("17.25"))
    attempts = [(one.attempt, one.verdict, one.fat) for one in batch.analyses.all()]
    assert attempts == [(1, "fail", Decimal(17)), (2, "pass", Decimal("17.25"))]
    assert known(batch).fat == Decimal("17.25")


def test_an_attempt_that_was_taken_back_gives_way_to_the_one_before(
    receive: Receive, analyse: Analyse, at: datetime
) -> None:
    batch = receive()
    first, second = analyse(batch), analyse(batch, fat=Decimal(18))
    RawAnalysis.objects.filter(pk=second.pk).update(voided_at=at)
    assert known(batch).analysis == first
    assert analyse(batch).attempt == 3


def test_one_session_is_one_attempt(receive: Receive, analyse: Analyse) -> None:
    batch, session = receive(), uuid4()
    assert analyse(batch, session) == analyse(batch, session, fat=Decimal(1))


def test_no_attempt_is_ever_deleted(receive: Receive, analyse: Analyse) -> None:
    kept = analyse(receive())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM quality_rawanalysis WHERE id = %s", [kept.pk])


@pytest.mark.parametrize(
    ("marks", "failures"),
    [
        ({"broth_quality": "cloudy"}, []),
        ({"appearance": "bad"}, ["appearance"]),
        ({"colour": "bad", "broth_aroma": "bad"}, ["colour", "broth_aroma"]),
        ({"streptomycins": "positive"}, ["streptomycins"]),
    ],
)
def test_what_fails_an_analysis_is_kept_by_name(
    receive: Receive, analyse: Analyse, marks: dict[str, str], failures: list[str]
) -> None:
    kept = analyse(receive(), **marks, failed=bool(failures))
    assert (kept.failures, kept.verdict) == (failures, "fail" if failures else "pass")
    assert Deviation.objects.count() == bool(failures)


def test_a_material_has_its_own_limit_beside_that_of_all(
    receive: Receive, analyse: Analyse, at: datetime
) -> None:
    carcass, neck = receive(), receive(material="Шея")
    assert carcass.raw_material is not None
    limit(at, "", "16")
    limit(at, f"material == {carcass.raw_material.code}", "18")
    given = Decimal(17), Decimal(13), Decimal(67)
    assert product_limits_met(carcass, *given)
    assert not product_limits_met(neck, *given)
    assert analyse(carcass).limits_snapshot == {"fat": {"least": None, "most": "18.000"}}
    assert analyse(neck, failed=True).failures == ["fat"]
    assert Deviation.objects.get().value_text == "Ж 17,00 (норма ≤ 16,00)"


def test_limits_that_changed_since_the_form_said_pass_are_told(
    receive: Receive, analyse: Analyse, at: datetime
) -> None:
    batch = receive()
    limit(at, "", "16")
    with pytest.raises(Refused, match="Нормы этого сырья изменились") as refused:
        analyse(batch)
    assert refused.value.refusal.again == "fat"
    assert not RawAnalysis.objects.exists()


@pytest.mark.parametrize("fat", ["-0.01", "100.01", "25.01"])
def test_a_composition_that_cannot_be_is_refused(
    receive: Receive, analyse: Analyse, fat: str
) -> None:
    with pytest.raises(Refused):
        analyse(receive(), fat=Decimal(fat))


def test_a_batch_that_waits_for_no_analysis_is_not_analysed(
    receive: Receive, analyse: Analyse, receiver: Person, at: datetime
) -> None:
    batch = receive()
    move_state(batch, "reject", sources=["received"], to="rejected", by=receiver, at=at)
    with pytest.raises(Refused, match="не ждёт анализа"):
        analyse(batch)
