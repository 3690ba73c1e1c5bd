"""Fail the saves of raw intake, weighing, discharge, acceptance and shipment at their statements,
at every step of `perform`, and kill processes at points drawn from the seed: each time nothing of
it is kept, and at the end of the day the plant is as one where nothing ever failed.

`test_fault` really closes the connection, under every statement of raw intake. Here everything is
refused from one statement on, as by a lost connection, which costs nothing to mend: one statement
in `EVERY`, at the full scale every one."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from crm.plant.clock import PlantClock
from tests.crash.plants import FEWEST
from tests.crash.saves import Day, Lost, Save, Steps, rows
from tests.guarded import flushable
from tests.seeded import seed
from tests.sizes import sizes

START = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)  # 07:30 at the plant
FORMS = ("raw_intake", "weigh_blank", "load_plate", "palletize")
SAVES = (*FORMS, "draft", "confirm", "ship")
FEWEST_STEPS = 6  # calls of ports that the save of a form surely has
SEED, EVERY = sizes().seed, max(1, sizes().statement_step // 2)
KILLS = 10


class Undone(Exception):
    """Undoes what was only looked at."""


@pytest.fixture(scope="module", autouse=True)
def _tables_can_be_emptied() -> Iterator[None]:
    with flushable():
        yield


@pytest.fixture(scope="module")
def unharmed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, int]:
    """The rows of a plant whose day went by without a failure."""
    found: dict[str, int] = {}
    with django_db_blocker.unblock(), undone():
        found = lived(lambda save: None)
    return found


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is done meanwhile."""
    with suppress(Undone), transaction.atomic():
        yield
        raise Undone


def lived(trial: Callable[[Save], None]) -> dict[str, int]:
    """Live a day whose saves are tried; return how many rows it left."""
    seed()
    with PlantClock(START) as clock:
        Day(clock, trial).goes_by()
    return rows()


def statements_of(save: Save) -> int:
    """Return how many statements a save has, its commit among them: as often as not the first ones
    ask what is kept or asked together from then on."""
    before, now = 0, _counted(save)
    while now != before:
        before, now = now, _counted(save)
    # Inside another transaction a savepoint is made, where PostgreSQL begins without being told.
    return now - (connection.vendor == "postgresql")


def _counted(save: Save) -> int:
    steps = Steps()
    with undone(), steps.over_statements():
        save.do()
    return steps.done


def told(failed: Counter[str], what: str) -> None:
    """Print how often each save failed, and assert that every one did."""
    print(f"SEED={SEED}: {what}: {dict(failed)}")
    assert set(failed) == set(SAVES)


def test_a_save_that_loses_its_database_at_a_statement_keeps_nothing_and_is_done_once(
    unharmed: dict[str, int], transactional_db: None
) -> None:
    failed: Counter[str] = Counter()

    def trial(save: Save) -> None:
        before, most = rows(), statements_of(save)
        for at in (*range(1 + SEED % EVERY, most, EVERY), most):
            with pytest.raises(Lost), Steps(at).over_statements():
                save.do()
            assert rows() == before, f"{save.title} kept something at statement {at}"
            failed[save.title] += 1

    assert lived(trial) == unharmed
    told(failed, f"lost at one statement in {EVERY} and at the commit")
    assert min(failed[form] for form in FORMS) >= FEWEST // EVERY


def test_a_save_that_breaks_after_a_step_of_perform_keeps_nothing_and_is_done_once(
    unharmed: dict[str, int], transactional_db: None
) -> None:
    failed: Counter[str] = Counter()

    def trial(save: Save) -> None:
        before, steps = rows(), Steps()
        with undone():
            save.do(steps)
        for at in range(1, steps.done + 1):
            with pytest.raises(Lost):
                save.do(Steps(at))
            assert rows() == before, f"{save.title} kept something after step {at}"
            failed[save.title] += 1

    assert lived(trial) == unharmed
    print(f"broken after each step: {dict(failed)}")
    assert min(failed[form] for form in FORMS) >= FEWEST_STEPS


def test_a_process_that_is_killed_in_a_save_keeps_nothing_and_the_save_is_done_once(
    unharmed: dict[str, int], transactional_db: None
) -> None:
    chance, killed = random.Random(SEED), Counter[str]()
    drawn = Counter([*SAVES, *chance.choices(FORMS, k=KILLS - len(SAVES))])

    def trial(save: Save) -> None:
        before, most = rows(), statements_of(save)
        for at in sorted(chance.sample(range(1, most + 1), drawn[save.title])):
            _is_killed(save, at)
            assert rows() == before, f"{save.title} kept something, killed at statement {at}"
            killed[save.title] += 1

    assert lived(trial) == unharmed
    told(killed, "killed at points of")
    assert killed.total() == KILLS


def _is_killed(save: Save, at: int) -> None:
    """Do a save in a process of its own that kills itself at a statement."""
    connection.close()  # a child must not inherit it
    child = os.fork()
    if not child:
        with suppress(BaseException), Killed(at).over_statements():
            save.do()
        os._exit(1)
    _, code = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(code) == -signal.SIGKILL, f"statement {at} of {save.title}"


class Killed(Steps):
    """Kills the process at the n-th step."""

    def take(self) -> None:
        """Count a step."""
        self.done += 1
        if self.done == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
