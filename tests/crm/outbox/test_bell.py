"""A message that another process wrote wakes the sender when it is committed (design 5)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
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

SOON_S, NEVER_S = 10.0, 0.3

pytestmark = [pytest.mark.postgres_only, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process be one that sends nothing itself, as the office."""
    monkeypatch.setattr(bell, "_sends", [])


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
