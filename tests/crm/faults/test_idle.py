"""What a plant in which nothing happens asks its database (domain 15: X78)."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.bridge import timers
from crm.bridge.jobs import DjangoJobs
from crm.bridge.lease import LASTS_S, DatabaseLease
from crm.bridge.listening import HEARING_S
from crm.bridge.outbox import DjangoOutbox
from crm.bridge.timers import DjangoTimers, PresentTimers
from crm.jobs.queue import BEAT_S
from crm.plant.talker import Talker
from engine.schedule import EVERY_S
from engine.telegram.tenure import ASKED
from tests.crm.conftest import Receive

MINUTE_S = 60
MOST = 30  # statements a minute of all processes together (goals)
# Processes that sweep: bot and scheduler; a plant on SQLite has the one.
SWEEPERS = {"postgresql": 2, "sqlite": 1}
GROWING = (  # tables that grow with every day of work
    r"(ledger_event|ledger_posting|ledger_edge|ledger_statehistory|ledger_lot|outbox_notice"
    r"|work_session|work_update|work_timer|work_task|quality_measurement|quality_deviation"
    r"|documents_document|jobs_job|production_rawbatch)"
)
WHOLE = re.compile(rf"SCAN {GROWING}(?! USING)")


def counted(asked: CaptureQueriesContext) -> int:
    """Return how many statements ask or write: not what begins and ends a part."""
    return sum(not one["sql"].startswith(("SAVEPOINT", "RELEASE")) for one in asked)


def test_an_idle_plant_asks_at_most_every_other_second(
    talker: Talker, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(12):
        receive()
    monkeypatch.setattr(timers, "SEALED_S", -1.0)  # each sweep looks what is to be sealed
    sweeps, lease, outbox = (
        PresentTimers(lambda: talker.program, DjangoJobs()),
        DatabaseLease(),
        DjangoOutbox(),
    )
    sweeps.sweep(timezone.now())
    assert lease.take()
    with CaptureQueriesContext(connection) as swept:
        assert sweeps.sweep_and_look(timezone.now())[0] == 0
    with CaptureQueriesContext(connection) as looked:
        outbox.next_due()
    with CaptureQueriesContext(connection) as renewed:
        assert lease.take()
    sweepers = SWEEPERS[connection.vendor]
    asked = {
        "sweeps": sweepers * counted(swept) * MINUTE_S / EVERY_S,
        "outbox": counted(looked) * MINUTE_S / HEARING_S,
        "lease": counted(renewed) * MINUTE_S / (LASTS_S * ASKED),
    }
    if connection.vendor == "postgresql":  # a statement a look: tests/crm/jobs/test_queue.py
        asked["worker"] = MINUTE_S / BEAT_S
    print(f"statements a minute: {asked}")
    assert sum(asked.values()) <= MOST


@pytest.mark.sqlite_only  # PostgreSQL reads small tables whole whatever the index
def test_nothing_that_runs_by_the_clock_reads_a_whole_history(
    talker: Talker, receive: Receive
) -> None:
    receive()
    timers = DjangoTimers(talker.program)
    timers.sweep(timezone.now())
    with CaptureQueriesContext(connection) as asked:
        timers.sweep(timezone.now())
        timers.next_due()
        DjangoOutbox().next_due()
    assert len(asked) > 5
    assert [one["sql"] for one in asked if WHOLE.search(_plan(one["sql"]))] == []
    assert WHOLE.search(_plan("SELECT grams FROM ledger_posting"))


def _plan(sql: str) -> str:
    """Return how SQLite answers a question, a line a table."""
    if not sql.startswith(("SELECT", "WITH")):
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
