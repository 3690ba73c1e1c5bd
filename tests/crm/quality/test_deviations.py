"""Deviations: asked once, decided once, never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from crm.ledger.operations.move_state import history_of
from crm.people.models import Person
from crm.people.operations.save_person import set_active
from crm.quality.models import Deviation
from crm.quality.operations.decide_deviation import decide_deviation
from crm.quality.operations.escalate_deviation import escalate_deviation
from crm.quality.operations.withdraw_deviation import withdraw_deviation
from crm.work.models import Task, Timer
from engine.errors import Refused
from tests.crm.conftest import Ask

pytestmark = pytest.mark.django_db


def test_a_request_keeps_value_limit_task_and_three_timers(ask: Ask, at: datetime) -> None:
    key = uuid4()
    deviation = ask(key=key)
    assert ask(key=key) == deviation
    assert (deviation.number, deviation.value_text) == ("ОТК-2026-1", "−5,5 °C")
    assert (deviation.least, deviation.most, deviation.limit_version) == (None, -8, 1)
    task = Task.objects.get()
    assert (task.role, task.deviation) == ("technologist", deviation)
    due = [(timer.level, timer.due_at - at) for timer in Timer.objects.order_by("level")]
    minutes = [timedelta(minutes=15), timedelta(minutes=45), timedelta(minutes=90)]
    assert due == list(enumerate(minutes, 1))


def test_the_decision_closes_the_task_and_stays(
    ask: Ask, technologist: Person, at: datetime
) -> None:
    deviation = ask()
    decide_deviation(
        technologist, deviation_id=deviation.pk, state="rejected", comment=" тепло ", at=at
    )
    deviation.refresh_from_db()
    assert (deviation.state, deviation.comment) == ("rejected", "тепло")
    assert (deviation.decided_by, deviation.decided_at) == (technologist, at)
    assert Task.objects.get().state == "done"
    assert [change.transition for change in history_of(deviation)] == ["request", "reject"]


def test_the_second_decision_reads_who_was_first(
    ask: Ask, technologist: Person, at: datetime
) -> None:
    deviation = ask()
    decide_deviation(technologist, deviation_id=deviation.pk, state="approved", comment="", at=at)
    with pytest.raises(Refused, match=r"Уже сделано: Орлова М. С., 22.11 11:30"):
        decide_deviation(
            technologist, deviation_id=deviation.pk, state="rejected", comment="нет", at=at
        )
    deviation.refresh_from_db()
    assert deviation.state == "approved"


@pytest.mark.django_db(transaction=True)
def test_of_eight_decisions_at_once_one_counts(
    ask: Ask, technologist: Person, at: datetime
) -> None:
    deviation = ask()

    def decide(number: int) -> bool:
        state = "approved" if number % 2 else "rejected"
        try:
            decide_deviation(
                technologist, deviation_id=deviation.pk, state=state, comment="так", at=at
            )
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(decide, range(8))) == 1


def test_only_a_holder_of_the_role_decides(ask: Ask, receiver: Person, at: datetime) -> None:
    deviation = ask()
    with pytest.raises(Refused, match="другая роль"):
        decide_deviation(receiver, deviation_id=deviation.pk, state="approved", comment="", at=at)


def test_who_no_longer_works_decides_nothing(ask: Ask, technologist: Person, at: datetime) -> None:
    deviation = ask()
    set_active(None, person=technologist, active=False, at=at)
    with pytest.raises(Refused):
        decide_deviation(
            technologist, deviation_id=deviation.pk, state="approved", comment="", at=at
        )


@pytest.mark.parametrize("comment", ["", "  ", "нн", "я" * 501])
def test_a_rejection_needs_a_reason(
    ask: Ask, technologist: Person, at: datetime, comment: str
) -> None:
    deviation = ask()
    with pytest.raises(Refused, match="от 3 до 500"):
        decide_deviation(
            technologist, deviation_id=deviation.pk, state="rejected", comment=comment, at=at
        )


def test_the_database_refuses_a_rejection_without_reason_or_decider(ask: Ask) -> None:
    deviation = ask()
    rows = Deviation.objects.filter(pk=deviation.pk)
    with pytest.raises(IntegrityError, match="deviation_"), transaction.atomic():
        rows.update(state="rejected")


def test_a_withdrawn_request_takes_its_task_along(
    ask: Ask, receiver: Person, technologist: Person, at: datetime
) -> None:
    deviation = ask()
    assert withdraw_deviation(receiver, deviation_id=deviation.pk, reason="исправил", at=at)
    assert not withdraw_deviation(receiver, deviation_id=deviation.pk, reason="ещё", at=at)
    assert Task.objects.get().state == "cancelled"
    with pytest.raises(Refused):
        decide_deviation(
            technologist, deviation_id=deviation.pk, state="approved", comment="", at=at
        )


def test_the_approval_of_a_changed_value_is_withdrawn_but_a_rejection_stays(
    ask: Ask, technologist: Person, at: datetime
) -> None:
    approved, rejected = ask(), ask()
    for deviation, state in ((approved, "approved"), (rejected, "rejected")):
        decide_deviation(
            technologist, deviation_id=deviation.pk, state=state, comment="причина", at=at
        )
    assert withdraw_deviation(None, deviation_id=approved.pk, reason="другое", at=at)
    assert not withdraw_deviation(None, deviation_id=rejected.pk, reason="другое", at=at)


def test_each_level_is_reached_once_and_never_after_the_decision(
    ask: Ask, technologist: Person, at: datetime
) -> None:
    deviation = ask()
    assert escalate_deviation(deviation_id=deviation.pk, level=1, at=at)
    assert escalate_deviation(deviation_id=deviation.pk, level=1, at=at) is None
    assert Task.objects.get().level == 1
    decide_deviation(technologist, deviation_id=deviation.pk, state="approved", comment="", at=at)
    assert escalate_deviation(deviation_id=deviation.pk, level=2, at=at) is None


def test_numbers_go_on_through_the_year(ask: Ask) -> None:
    assert [ask().number, ask().number] == ["ОТК-2026-1", "ОТК-2026-2"]
