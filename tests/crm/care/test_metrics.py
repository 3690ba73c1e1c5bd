"""What Prometheus is told: to whom, under which names, at what cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.request import urlopen
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

import crm.configuration
from crm.audit.models import BookCheck
from crm.audit.verify import head
from crm.care.heartbeat import beat
from crm.care.metrics import PLANT, WORK, listen, turned
from crm.jobs.models import Job
from crm.ledger.models import StateHistory
from crm.outbox.models import Notice
from crm.work.operations.record_task import create_task
from engine.model.conversation import Prompt
from engine.model.text import Text, warned
from engine.run.arrival import Shown
from tests.servers import free_port

TOKEN = "a-token-of-more-than-twenty"
ID = UUID("00000000-0000-7000-8000-000000000001")


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings that are read anew, before and after."""
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    crm.configuration.settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    crm.configuration.settings.cache_clear()


def scraped(text: str) -> dict[str, float]:
    """Read an answer as Prometheus does."""
    return {
        f"{one.name}{''.join(one.labels.values())}": one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def asked(token: str = TOKEN) -> dict[str, float]:
    """What the office answers to Prometheus."""
    answer = Client(headers={"host": "web:8000", "authorization": f"Bearer {token}"}).get(
        "/metrics"
    )
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    return scraped(answer.content.decode())


@pytest.mark.django_db
def test_without_a_token_in_the_settings_there_is_no_such_address() -> None:
    for token in ("", "None", TOKEN):
        answer = Client(headers={"authorization": f"Bearer {token}"}).get("/metrics")
        assert answer.status_code == 404


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("given", ["", "Bearer ", TOKEN, f"Bearer {TOKEN[:-1]}", "Bearer é"])
def test_a_stranger_is_told_nothing_also_from_this_machine(given: str) -> None:
    answer = Client(headers={"authorization": given}, REMOTE_ADDR="127.0.0.1").get("/metrics")
    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.django_db
@pytest.mark.usefixtures("configured")
def test_what_waits_is_told_in_numbers_by_seven_questions_at_most(at: datetime) -> None:
    notice(at, "pending")
    notice(at + timedelta(hours=1), "retrying")
    notice(at, "undeliverable")
    for state, number in (("running", 1), ("failed", 2), ("done", 3)):
        Job.objects.create(
            id=UUID(int=number), name="j", state=state, session=ID, chat_id=1, started_at=at,
            due_at=at, ended_at=None if state == "running" else at,
        )  # fmt: skip
    create_task(
        kind="k", title="", subject="raw_batch", subject_id="1", lifecycle="raw_batch",
        roles=["technologist"], people=[], body={}, warn_s=None, breach_s=60, at=at,
    )  # fmt: skip
    StateHistory.objects.create(
        record="raw_batch", record_id="1", from_state="a", to_state="b", transition="c", at=at
    )
    night = {"night": at.date(), "asked_at": at}
    BookCheck.objects.create(**night, begun_at=at, ended_at=at, wrong=3)
    BookCheck.objects.create(**night | {"night": at.date() + timedelta(days=1)}, begun_at=at)
    with CaptureQueriesContext(
        connection,
    ) as questions:
        said = asked()
    assert len(questions) <= 7
    assert said["meatbot_database_up"] == 1
    assert said["meatbot_outbox_waiting"] == 2
    assert said["meatbot_outbox_oldest_age_seconds"] > 3600
    assert said["meatbot_outbox_undeliverable"] == 1
    assert said["meatbot_tasks_overdue"] == 1
    assert (said["meatbot_jobsrunning"], said["meatbot_jobsfailed"]) == (1, 1)
    assert said["meatbot_ledger_wrong"] == 3
    assert said["meatbot_ledger_checked_timestamp_seconds"] == at.timestamp()
    assert said["meatbot_seal_waiting_rows"] == head().unsealed >= 1


@pytest.mark.django_db
@pytest.mark.usefixtures("configured")
def test_a_database_that_is_away_is_told_and_the_process_still_is() -> None:
    def away(*_: Any) -> Any:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(away):
        said = asked()
    assert said["meatbot_database_up"] == 0
    assert "meatbot_outbox_waiting" not in said
    assert said["process_start_time_seconds"] > 0


def test_turns_are_counted_by_how_they_ended_and_given_at_the_port_of_the_process(
    configured: pytest.MonkeyPatch,
) -> None:
    port = free_port()
    configured.setenv("METRICS_LISTEN", f"127.0.0.1:{port}")
    crm.configuration.settings.cache_clear()
    listen()
    before = scraped(urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())
    plain, warning = Prompt(Text.of("Масса?")), Prompt(Text.of("Масса?\n") + warned("До 100 кг"))
    for shown in (
        Shown(1, 1, "t", plain),
        Shown(1, 1, "t", None),
        Shown(1, 1, "t", warning),
        Shown(1, 1, "t", plain, toast="Нет", alert=True),
        None,
    ):
        turned(0.02, shown)
    beat()
    after = scraped(urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())
    grown = {name: value - before.get(name, 0.0) for name, value in after.items()}
    turns = {name: grown[f"meatbot_turns_total{name}"] for name in ("done", "refused", "failed")}
    assert turns == {"done": 2, "refused": 2, "failed": 1}
    assert grown["meatbot_turn_duration_seconds_count"] == 5
    assert grown["meatbot_turn_duration_seconds_bucket0.01"] == 0
    assert grown["meatbot_turn_duration_seconds_bucket0.025"] == 5
    assert after["meatbot_last_sweep_timestamp_seconds"] >= after["process_start_time_seconds"]
    listen()  # the port is taken: said, and work goes on


@pytest.mark.django_db
def test_names_and_manuals_are_as_prometheus_wants_them() -> None:
    for registry in (WORK, PLANT):
        for family in registry.collect():
            assert re.fullmatch(r"(meatbot|process)(_[a-z]+)+", family.name)
            assert family.documentation
            if family.type == "gauge" and family.name.startswith("meatbot"):
                assert not family.name.endswith(("_total", "_count", "_sum", "_ms", "_minutes"))


def notice(at: datetime, state: str) -> None:
    Notice.objects.create(
        kind="message", event=f"e-{state}", chat_id=1, state=state, created_at=at, retry_from=at,
        next_try_at=at,
    )  # fmt: skip
