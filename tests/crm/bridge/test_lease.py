"""A right that one process has at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from django.db import connection

from crm.bridge.lease import DatabaseLease
from crm.work.models import Lease

pytestmark = pytest.mark.django_db(transaction=True)


class Watch:
    """A steady clock, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def wish(watch: Watch) -> Callable[[], DatabaseLease]:
    """Makes wishes of processes of other machines: nobody here can tell whether they live."""
    numbers: Iterator[int] = count(1)

    def one() -> DatabaseLease:
        made = DatabaseLease("asking", 12.0, watch)
        made.holder = f"elsewhere pid:[1] {next(numbers)} 7/x"
        return made

    return one


Wish = Callable[[], DatabaseLease]


def test_the_second_gets_it_only_when_the_first_gives_it_up(wish: Wish) -> None:
    first, second = wish(), wish()
    assert [first.take(), second.take(), first.take()] == [True, False, True]
    first.give_up()
    assert [second.take(), first.take()] == [True, False]


def test_a_holder_who_is_silent_for_the_time_of_the_lease_loses_it(
    wish: Wish, watch: Watch
) -> None:
    first, second = wish(), wish()
    assert first.take()
    assert not second.take()
    watch.seconds += 11.5
    assert not second.take()
    assert first.take()  # renewed: the time begins anew
    watch.seconds += 0.5
    assert not second.take()
    watch.seconds += 12.0
    assert second.take()
    assert not first.take()


def test_a_clock_of_a_machine_that_jumps_a_year_takes_it_from_nobody(
    wish: Wish, watch: Watch
) -> None:
    first, second = wish(), wish()
    assert first.take()
    Lease.objects.update(renewed_at="2020-01-01T00:00:00Z")
    assert not second.take()
    watch.seconds += 11.0
    assert not second.take()


def test_what_a_dead_process_of_this_machine_had_is_free_at_once(watch: Watch) -> None:
    told = "from crm.bridge import lease; import os; print(lease._process(os.getpid()))"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    script = f"import django; django.setup(); {told}"
    dead = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    ).stdout.strip()
    gone, living = DatabaseLease("asking", 12.0, watch), DatabaseLease("asking", 12.0, watch)
    gone.holder = f"{dead}/x"
    assert gone.take()
    assert living.take()
    assert not DatabaseLease("asking", 12.0, watch).take(), "its holder lives: this process"


def test_of_eight_who_want_it_at_once_one_gets_it(wish: Wish, watch: Watch) -> None:
    dead = wish()
    assert dead.take()
    wishes = [wish() for _ in range(8)]
    assert not any(one.take() for one in wishes)
    watch.seconds += 12.0

    def taken(one: DatabaseLease) -> bool:
        try:
            return one.take()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(taken, wishes)) == 1
