"""A task that waits too long rises by levels, each of them a row of its history (domain 9.1.4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm.bridge.tasks import DjangoTasks
from crm.ledger.models import StateHistory
from engine.model.text import Text
from engine.model.work import Receivers, TaskWanted

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def test_each_level_is_kept_once_with_its_moment() -> None:
    warn = timedelta(minutes=10)
    wanted = TaskWanted(
        "check", "mix", "1", "Проверка", Text(), Receivers(("lab",)), warn_s=600, breach_s=1800
    )
    task = DjangoTasks().create(wanted, AT)
    for minutes in (9, 10, 11, 31, 32):
        DjangoTasks().late(AT + timedelta(minutes=minutes))
    rows = StateHistory.objects.filter(record="task", record_id=task.id, transition="escalate")
    kept = [(one.from_state, one.to_state, one.at - AT) for one in rows.order_by("at", "id")]
    assert kept == [("0", "1", warn), ("1", "2", timedelta(minutes=31))]
