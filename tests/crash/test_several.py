"""Two bots of one plant as real processes: one asks Telegram at a time, whatever ends the other."""

from __future__ import annotations

import time

import pytest

from engine.simulator.client import PhoneClient
from tests.crash.plants import PATIENCE_S, Plant
from tests.e2e.conftest import chat

pytestmark = pytest.mark.database

HOLDER = "SELECT count(*) FROM work_lease WHERE holder LIKE '% {pid} %'"


class Shift:
    """Two bots, and a worker who writes to whichever listens."""

    def __init__(self, plant: Plant) -> None:
        self.plant, self.hands = plant, PhoneClient(plant.phones_url, PATIENCE_S)
        self.first = plant.start()
        self.is_answered()
        self.second = plant.start()
        time.sleep(0.5)
        assert self.holds(self.first)

    def holds(self, pid: int) -> bool:
        """Tell whether a bot has the lease."""
        return self.plant.one(HOLDER.format(pid=pid)) == 1

    def is_answered(self) -> float:
        """Write and wait for the answer; return how many seconds it took."""
        receiver, began = chat("receiver"), time.monotonic()
        last = max((one["id"] for one in self.hands.chat(receiver)["messages"]), default=0)
        self.hands.text(receiver, "/start")
        self.hands.wait_text(receiver, "", after_id=last)
        return time.monotonic() - began

    def send(self, pid: int, name: str) -> None:
        """Send a bot a signal."""
        assert self.plant.ask(f"send {pid} {name}") == "sent"

    @property
    def conflicts(self) -> int:
        """How often two have asked at once."""
        return self.plant.core.world.updates.conflicts


@pytest.fixture
def shift(plant: Plant) -> Shift:
    return Shift(plant)


def test_a_bot_that_is_killed_is_followed_at_once_by_the_one_that_stands_by(shift: Shift) -> None:
    shift.send(shift.first, "SIGKILL")
    assert shift.plant.ask(f"ended {shift.first}") == "-9"
    shift.is_answered()
    assert shift.holds(shift.second)
    assert shift.conflicts == 0


def test_a_bot_that_is_stopped_politely_hands_its_chats_over(shift: Shift) -> None:
    shift.send(shift.first, "SIGTERM")
    assert shift.plant.ask(f"ended {shift.first}") == "0"
    shift.is_answered()
    assert shift.holds(shift.second)
    assert shift.conflicts == 0


def test_a_bot_that_was_frozen_past_its_lease_finds_another_and_asks_no_more(shift: Shift) -> None:
    shift.send(shift.first, "SIGSTOP")
    shift.is_answered()
    assert shift.holds(shift.second)
    frozen = shift.conflicts  # its last request hangs open: nobody can close it for a frozen one
    shift.send(shift.first, "SIGCONT")
    time.sleep(1.5)
    shift.is_answered()
    assert shift.holds(shift.second)
    assert shift.conflicts == frozen <= 1
