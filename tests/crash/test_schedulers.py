"""Several schedulers of one plant as real processes: each timer fires once, whoever is killed."""

from __future__ import annotations

import random
import re
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.crash.plants import ON_POSTGRES, PATIENCE_S, SEED, Plant, until
from tests.e2e.conftest import chats

pytestmark = pytest.mark.database

LATE = 30 if ON_POSTGRES else 5  # decisions that nobody has made for three days
LEVELS = 3  # warned, late, twice as late
RAISED = "SELECT count(*) FROM ledger_statehistory WHERE transition = 'escalate'"
WAITING = "SELECT count(*) FROM work_timer WHERE fired_at IS NULL AND subject = 'deviation'"


def fired(plant: Plant) -> None:
    """Wait until every timer of the late decisions has fired."""
    until(lambda: not plant.one(WAITING))


def test_after_a_long_stop_each_timer_fires_once_though_schedulers_are_killed(
    plant: Plant,
) -> None:
    assert plant.ask(f"late {plant.name} {LATE}") == "late"
    assert plant.one(WAITING) == LATE * LEVELS
    chance, running = random.Random(SEED), [plant.schedule() for _ in range(2)]
    for _ in range(2):
        time.sleep(chance.uniform(0.05, 0.6))
        victim = running.pop(chance.randrange(len(running)))
        assert plant.ask(f"send {victim} SIGKILL") == "sent"
        assert plant.ask(f"ended {victim}") == "-9"
        running.append(plant.schedule())
    fired(plant)
    print(f"SEED={SEED}: {LATE * LEVELS} timers, two schedulers killed")
    assert plant.one(RAISED) == LATE * LEVELS
    sent = "SELECT count(*) FROM outbox_notice WHERE event LIKE 'deviation:%'"
    people = "SELECT count(DISTINCT event) FROM outbox_notice WHERE event LIKE 'deviation:%'"
    assert plant.one(sent) >= plant.one(people) == LATE * LEVELS
    for pid in running:
        assert plant.ask(f"send {pid} SIGTERM") == "sent"
        # One that was told before it began has nothing to finish.
        assert plant.ask(f"ended {pid}") in {"0", "-15"}


def told(plant: Plant, number: str) -> bool:
    """Tell whether a process gives a number above zero to Prometheus."""
    try:
        said = urlopen(plant.parent.numbers_url, timeout=PATIENCE_S).read().decode()
    except URLError:  # it has not begun to listen
        return False
    found = re.search(rf"^{re.escape(number)} (\S+)$", said, re.MULTILINE)
    return found is not None and float(found[1]) > 0


@pytest.mark.parametrize("name", ["start", "schedule"])
def test_bots_and_schedulers_leave_a_sign_of_life_and_give_their_numbers(
    plant: Plant, name: str
) -> None:
    plant.parent.swept.unlink(missing_ok=True)
    pid = plant.start() if name == "start" else plant.schedule()
    until(plant.parent.swept.exists)
    until(lambda: told(plant, "meatbot_last_sweep_timestamp_seconds"))
    if name == "start":
        plant.core.people.text(next(iter(chats().values())), "/start")
        until(lambda: told(plant, 'meatbot_turns_total{outcome="done"}'))
        assert told(plant, "meatbot_turn_duration_seconds_count")
    assert plant.ask(f"send {pid} SIGTERM") == "sent"
    assert plant.ask(f"ended {pid}") == "0"
