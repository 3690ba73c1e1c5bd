"""A message that another process wrote wakes the sender when it is committed (design 5)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.bridge.listening import HEARING_S, Listener
from crm.outbox import bell
from crm.outbox.operations.put import put
from crm.people.models import Person
from engine.model.text import Text

SOON_S, NEVER_S = 60.0, 0.3
BELL_FILE = bell.bell_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def another_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let this process be one that sends nothing itself, as the office, and rows of SQLite
    have a bell of their own."""
    monkeypatch.setattr(bell, "_sends", [])
    if connection.vendor == "sqlite":
        monkeypatch.setattr(bell, "bell_file", lambda: tmp_path / "rows-bell")


def tell(person: Person) -> None:
    put(event=f"bell {uuid4()}", people=[person], text=Text.of("Звонок"), at=timezone.now())


def heard(act: Callable[[Event], None]) -> list[float | None]:
    """Let a listener hear what an act in this thread rings; return how long a sender was to
    rest."""
    rung, rests, over = Event(), list[float | None](), Event()

    async def listen() -> None:
        task = asyncio.create_task(Listener(rung.set, rests.append).run())
        while not over.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    def work() -> None:
        try:
            asyncio.run(listen())
        finally:
            connection.close()

    listening = threading.Thread(target=work)
    listening.start()
    try:
        assert rung.wait(SOON_S)  # it hears
        rung.clear()
        act(rung)
    finally:
        over.set()
        listening.join(SOON_S)
    return rests


def test_a_message_of_another_process_is_heard_when_it_is_committed(receiver: Person) -> None:
    def act(rung: Event) -> None:
        with transaction.atomic():
            tell(receiver)
            assert not rung.wait(NEVER_S)
        assert rung.wait(SOON_S)

    assert heard(act) == [HEARING_S, None]


def test_who_sends_what_he_writes_rings_no_bell(receiver: Person) -> None:
    def act(rung: Event) -> None:
        bell.sends_itself(lambda: True)
        tell(receiver)
        assert not rung.wait(NEVER_S)
        bell.sends_itself(lambda: False)  # it lost the right to talk: another one sends
        tell(receiver)
        assert rung.wait(SOON_S)

    heard(act)


def test_a_file_of_rows_has_its_bell_beside_it_and_no_others_have_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bell, "bell_file", BELL_FILE)
    on_file = connection.vendor == "sqlite"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "rows.sqlite3"))
    assert bell.bell_file() == (tmp_path / "rows.sqlite3-bell" if on_file else None)
    monkeypatch.setitem(connection.settings_dict, "NAME", ":memory:")
    assert bell.bell_file() is None


def test_a_bell_that_cannot_be_looked_at_lets_a_sender_look_as_when_nobody_rings(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, rests, rung = tmp_path / "away" / "rows-bell", list[float | None](), Event()
    asyncio.run(Listener(rung.set, rests.append)._watch(file))
    assert "the bell of the outbox is not heard" in caplog.text
    assert (rests, rung.is_set()) == ([None], False)
