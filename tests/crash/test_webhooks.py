"""Two bots of one plant that updates are brought to, behind one door, whatever ends one of them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from engine.simulator.client import PhoneClient
from tests.chaos.proxy import Door
from tests.crash.plants import PATIENCE_S, Plant, until
from tests.e2e.conftest import chat
from tests.servers import free_port

TAKEN = "SELECT count(*) FROM work_update"

pytestmark = pytest.mark.database


@pytest.fixture
def door() -> Iterator[Door]:
    with Door([free_port(), free_port()]) as door:
        yield door


def test_of_two_bots_that_updates_are_brought_to_either_may_be_killed_or_stopped(
    plant: Plant, door: Door
) -> None:
    hands, who = PhoneClient(plant.phones_url, PATIENCE_S), chat("receiver")
    url = f"{door.line.url}/telegram"
    bots = {port: plant.hook(port, url) for _, port in tuple(door.line.targets)}

    said = 0

    def is_answered(text: str) -> None:
        nonlocal said
        last = max((one["id"] for one in hands.chat(who)["messages"]), default=0)
        hands.text(who, text)
        said += 1
        # Words alone may be those of a screen that is shown once more for a bot that died.
        until(lambda: plant.one(TAKEN) >= said)
        hands.wait_text(who, "", after_id=last)

    is_answered("/start")
    for name, code in (("SIGKILL", "-9"), ("SIGTERM", "0")):
        port, pid = bots.popitem()
        assert plant.ask(f"send {pid} {name}") == "sent"
        is_answered("/start")
        assert plant.ask(f"ended {pid}") == code
        is_answered("/tasks")
        bots = {port: plant.hook(port, url), **bots}
        time.sleep(0.1)
    assert plant.core.world.updates.conflicts == 0
    assert plant.one(TAKEN) == said == 5
