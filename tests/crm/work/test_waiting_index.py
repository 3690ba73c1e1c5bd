"""What waits is found without reading what is over, however long the plant has worked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from crm.bridge.tasks import DjangoTasks
from crm.work.operations.task import open_task
from engine.model.conversation import Actor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
INDEXES = ("task_waiting_by_age", "task_one_open_per_subject_and_kind")
TASKS = DjangoTasks()
NOBODY = Actor("1", "Ветров П. А.", frozenset({"packer"}))
QUESTIONS: dict[str, Callable[[], object]] = {
    "all": lambda: TASKS.open_for(NOBODY, AT),
    "their kinds": lambda: TASKS.kinds_for(NOBODY),
    "of a record": lambda: TASKS.of("mix", "7"),
    "of kinds": lambda: TASKS.of_kinds(("mix", "press"), ("pallet", "weigh")),
    "of a form": lambda: TASKS.of_session(str(uuid4())),
    "late": lambda: TASKS.late(AT),
    "next late": TASKS.next_late,
    "idle": lambda: TASKS.idle(AT),
    "opened twice": lambda: [
        open_task(kind="press", title="", subject="mix", subject_id="7", role="packer", at=AT)
        for _ in range(2)
    ],
}


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_index_of_waiting_tasks_answers(asked: str) -> None:
    seen: list[tuple[str, Any]] = []

    def remember(run: Callable[..., Any], sql: str, params: Any, *more: Any) -> Any:
        if sql.startswith("SELECT"):
            seen.append((sql, params))
        return run(sql, params, *more)

    with connection.execute_wrapper(remember):
        QUESTIONS[asked]()
    ((sql, params),) = seen
    # Of tables as small as those of a test PostgreSQL takes any index; it sees what is asked.
    assert "IN ('open', 'claimed')" in sql
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = "\n".join(str(row) for row in cursor.fetchall())
        assert any(index in plan for index in INDEXES), plan
