"""Errors of the journal reach a collector of errors, masked, and nobody waits for it."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest

from crm.care.collector import MOST, ToCollector
from crm.configuration import DEFAULT_SECRET_KEY
from engine.model.trail import on_trail
from tests import servers

Said = Queue[dict[str, Any]]
PATIENCE_S = 60.0  # on a busy machine


@contextmanager
def collector(answers: Event) -> Iterator[tuple[str, Said]]:
    """Run a collector that answers when it may; give its address and what it was told."""
    said: Said = Queue()

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            answers.wait(PATIENCE_S)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/1/store/?sentry_key=k", said
    finally:
        answers.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def answers() -> Event:
    """Whether the collector answers; set, it does at once."""
    return Event()


def journal(url: str) -> logging.Logger:
    made = logging.Logger("crm.some.part")
    made.addHandler(ToCollector(url))
    return made


def test_an_error_is_told_with_its_trace_and_its_work_and_without_secrets(answers: Event) -> None:
    answers.set()
    with collector(answers) as (url, said), on_trail("request") as name:
        log = journal(url)
        log.warning("this is none")
        try:
            raise ValueError(f"the key {DEFAULT_SECRET_KEY}")
        except ValueError:
            log.exception("chat 123456789 cannot be served")
        event = said.get(timeout=PATIENCE_S)
    assert event["message"] == "chat …789 cannot be served"
    assert (event["level"], event["logger"]) == ("error", "crm.some.part")
    assert event["tags"] == {"trail": name}
    assert "ValueError: the key <secret>" in event["extra"]["trace"]
    assert len(event["event_id"]) == 32


def test_who_logs_waits_for_no_collector_and_a_flood_is_dropped_and_counted(
    answers: Event,
) -> None:
    with collector(answers) as (url, said):
        log = journal(url)
        begun = time.monotonic()
        for number in range(MOST + 50):
            log.error("error %s", number)
        assert time.monotonic() - begun < PATIENCE_S  # before a single answer
        answers.set()
        told = [said.get(timeout=PATIENCE_S) for _ in range(MOST)]
        log.handlers[0].flush()
        log.error("one more")
        while (last := said.get(timeout=PATIENCE_S))["message"] != "one more":
            told.append(last)
    assert MOST <= len(told) <= MOST + 1
    assert last["extra"]["dropped"] == MOST + 50 - len(told)


def test_a_collector_that_is_away_ends_nobody_s_work(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.care.collector.LAST_S", PATIENCE_S)  # a busy machine is late
    log = journal(f"http://127.0.0.1:{servers.free_port()}/")
    for _ in range(3):
        log.error("it failed")
    log.handlers[0].flush()
    said = [one for one in caplog.messages if "does not answer" in one]
    assert len(said) == 1
