"""A task that was just read is ended without reading or locking it once more, and once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.asked_once import remembering
from crm.bridge.tasks import DjangoTasks
from crm.ledger.models import StateHistory
from crm.people.models import Person
from engine.model.conversation import Actor
from engine.model.text import Text
from engine.model.work import Receivers, Task, TaskWanted

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
TASKS = DjangoTasks()


@pytest.fixture
def task() -> Iterator[Task]:
    """A task that was read in the turn that goes on."""
    to = Receivers(("lab",))
    TASKS.create(TaskWanted("analyse", "raw_batch", "7", "Анализ", Text(), to, "raw_batch"), AT)
    with transaction.atomic(), remembering():
        (read,) = TASKS.of("raw_batch", "7")
        yield read


def test_to_end_it_costs_the_change_and_its_line_of_history(lab: Person, task: Task) -> None:
    actor = Actor(str(lab.pk), lab.full_name)
    TASKS.of("raw_batch", "8")  # reads, and writes nothing
    with CaptureQueriesContext(connection) as asked:
        done = TASKS.complete(task.id, actor, AT)
    assert done is not None
    assert (done.state, done.by) == ("done", "Лапина О. В.")
    together = connection.vendor == "postgresql"  # the change and its line
    assert len(asked) == (2 if together else 3)  # the person who ends it
    assert StateHistory.objects.filter(record="task", transition="complete").count() == 1


def test_what_somebody_ended_since_it_was_read_is_not_ended_again(task: Task) -> None:
    driver = connection.connection.cursor()  # past the memory of the turn
    driver.execute("UPDATE work_task SET state = 'cancelled', ended_at = created_at")
    assert TASKS.complete(task.id, None, AT) is None
    assert not StateHistory.objects.filter(record="task").exists()
