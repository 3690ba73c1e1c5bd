"""`verify-ledger` finds tasks that nobody can do and records that nothing leads on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from crm.bridge.standing import verify_work
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.work.models import Task
from crm.work.operations.record_task import create_task
from tests.engine.rehearsal import program

pytestmark = pytest.mark.django_db
Receive = Callable[..., RawBatch]


@pytest.fixture
def batch(receive: Receive, at: datetime) -> RawBatch:
    """A batch that waits for its analysis, with the task of that state."""
    batch = receive()
    for task in program().lifecycles["raw_batch"].lifecycle.states["received"].tasks:
        create_task(
            kind=task.kind, title="", subject="raw_batch", subject_id=str(batch.pk),
            lifecycle="raw_batch", roles=["technologist"], people=[], body={}, warn_s=None,
            breach_s=None, at=at,
        )  # fmt: skip
    return batch


def wrong() -> dict[str, int]:
    return {found.title: found.count for found in verify_work(program()) if found.count}


def test_work_with_people_who_can_do_it_shows_nothing(
    batch: RawBatch, technologist: Person
) -> None:
    assert wrong() == {}


def test_a_task_of_a_role_that_nobody_holds_is_found(batch: RawBatch) -> None:
    assert wrong() == {"Задачи, которые некому делать": Task.objects.count()}


def test_a_task_whose_record_went_on_without_closing_it_is_found(
    batch: RawBatch, technologist: Person
) -> None:
    RawBatch.objects.update(state="depleted")
    assert "Задачи состояний, из которых запись ушла" in wrong()


def test_what_a_transition_asks_for_itself_belongs_to_the_state_that_it_stays_in(
    batch: RawBatch, technologist: Person
) -> None:
    """A released batch is analysed once more: the task is the transition's, not the state's."""
    RawBatch.objects.update(state="released", number="2211/1", weight_received=1000)
    assert wrong() == {}


def test_a_record_without_the_task_of_its_state_is_found(
    batch: RawBatch, technologist: Person
) -> None:
    Task.objects.all().delete()
    assert wrong() == {"Записи, из состояния которых нет пути": 1}


def test_a_record_that_stayed_in_the_state_before_birth_is_found(
    batch: RawBatch, technologist: Person
) -> None:
    RawBatch.objects.update(state="new")
    assert "Записи, из состояния которых нет пути" in wrong()
