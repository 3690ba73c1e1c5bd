"""The alarm clock of reminders and escalations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
import pytest_asyncio
import time_machine

from engine.schedule import Sweeper

T = TypeVar("T")
PATIENCE_S, SLOW_S = 60.0, 8.0  # on a busy machine, and between two lines of a test there


class Clock:
    """A moment that tests move."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class Rows:
    """The Timers port in memory: moments, each of which fires once."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.due: list[datetime] = []
        self.sweeps: list[datetime] = []
        self.broken, self.looks = False, 0
        self.meanwhile: Callable[[], None] = lambda: None

    def add(self, **after: float) -> None:
        self.due.append(self.clock.moment + timedelta(**after))

    def sweep(self, now: datetime) -> int:
        if self.broken:
            raise OSError("no database")
        self.sweeps.append(now)
        fired = [moment for moment in self.due if moment <= now]
        self.due = [moment for moment in self.due if moment > now]
        return len(fired)

    def next_due(self) -> datetime | None:
        self.looks += 1
        return min(self.due, default=None)

    def sweep_and_look(self, now: datetime) -> tuple[int, datetime | None]:
        fired, due = self.sweep(now), min(self.due, default=None)
        self.meanwhile()
        return fired, due


async def call(work: Callable[[], T]) -> T:
    return work()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rows(clock: Clock) -> Rows:
    return Rows(clock)


@pytest.fixture
def woken() -> list[str]:
    return []


@pytest_asyncio.fixture
async def sweeper(rows: Rows, clock: Clock, woken: list[str]) -> AsyncIterator[Sweeper]:
    sweeper = Sweeper(rows, clock, call, swept=lambda: woken.append("sender"))
    sweeper.start()
    yield sweeper
    sweeper.stop()


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.005)


def alarm(sweeper: Sweeper) -> datetime:
    """Return when the next sweep is set."""
    job = sweeper._scheduler.get_job("sweep")
    assert job is not None
    at: datetime = job.next_run_time
    return at


def alarm_s(sweeper: Sweeper) -> float:
    """Return after how many seconds the next sweep is set."""
    return (alarm(sweeper) - datetime.now(UTC)).total_seconds()


async def test_the_first_sweep_is_at_the_start_and_the_next_a_minute_later(
    sweeper: Sweeper, rows: Rows, woken: list[str]
) -> None:
    await until(lambda: rows.sweeps)
    assert alarm_s(sweeper) == pytest.approx(60, abs=SLOW_S)
    assert woken == []


async def test_the_alarm_stands_at_the_earliest_due_timer(sweeper: Sweeper, rows: Rows) -> None:
    rows.add(seconds=40)
    rows.add(seconds=20)
    await sweeper.sweep()
    assert alarm_s(sweeper) == pytest.approx(20, abs=SLOW_S)


async def test_a_timer_fires_by_itself_once_and_wakes_the_sender(
    sweeper: Sweeper, rows: Rows, clock: Clock, woken: list[str]
) -> None:
    await until(lambda: rows.sweeps)
    rows.add(seconds=0.05)
    await sweeper.sweep()
    clock.moment += timedelta(seconds=0.05)
    await until(lambda: woken)
    await sweeper.sweep()
    assert woken == ["sender"]
    assert rows.due == []


async def test_a_clock_that_is_put_back_an_hour_stops_no_sweeping(rows: Rows, clock: Clock) -> None:
    sweeper = Sweeper(rows, clock, call, every_s=0.1)
    with time_machine.travel(clock.now(), tick=True) as wall:
        sweeper.start()
        await until(lambda: rows.sweeps)
        await asyncio.sleep(0.05)  # the next alarm is set by the wall clock
        wall.shift(timedelta(hours=-1))
        seen = len(rows.sweeps)
        await until(lambda: len(rows.sweeps) > seen + 2)
        sweeper.stop()


async def test_a_sweep_that_failed_is_no_sign_of_life(rows: Rows, clock: Clock) -> None:
    beats: list[str] = []
    sweeper = Sweeper(rows, clock, call, beat=lambda: beats.append("alive"))
    await sweeper.sweep()
    assert beats == ["alive"]
    rows.broken = True
    await sweeper.sweep()
    assert beats == ["alive"]


async def test_a_reminder_and_an_escalation_fire_each_at_its_time(
    sweeper: Sweeper, rows: Rows, clock: Clock
) -> None:
    rows.add(minutes=15)
    rows.add(minutes=45)
    fired = []
    for minutes in (14, 1, 29, 1, 60):
        clock.moment += timedelta(minutes=minutes)
        fired.append(await sweeper.sweep())
    assert fired == [0, 1, 0, 1, 0]


async def test_overdue_timers_of_a_stopped_program_fire_at_the_start(
    rows: Rows, clock: Clock, woken: list[str]
) -> None:
    rows.add(minutes=15)
    clock.moment += timedelta(hours=9)
    sweeper = Sweeper(rows, clock, call, swept=lambda: woken.append("sender"))
    sweeper.start()
    await until(lambda: woken)
    sweeper.stop()
    assert rows.due == []


async def test_a_poke_moves_the_alarm_to_a_timer_that_was_just_written(
    sweeper: Sweeper, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until(lambda: rows.sweeps)
    monkeypatch.setattr("engine.schedule.AGAIN_S", 0.01)
    rows.add(seconds=30)
    before = alarm(sweeper)
    sweeper.poke()
    sweeper.poke()
    await until(lambda: alarm(sweeper) < before - timedelta(seconds=20))
    assert len(rows.sweeps) == 1


async def test_a_sweep_asks_once_and_looks_again_for_what_was_written_while_it_ran(
    rows: Rows, clock: Clock
) -> None:
    sweeper = Sweeper(rows, clock, call)
    sweeper.start()
    await until(lambda: rows.sweeps)
    rows.add(seconds=40)
    await sweeper.sweep()
    assert alarm_s(sweeper) == pytest.approx(40, abs=SLOW_S)
    assert rows.looks == 0

    def write() -> None:
        rows.add(seconds=20)
        sweeper.poke()

    rows.meanwhile = write
    await sweeper.sweep()
    assert alarm_s(sweeper) == pytest.approx(20, abs=SLOW_S)
    assert rows.looks == 1
    sweeper.stop()


async def test_a_database_that_is_away_does_not_end_the_sweeping(
    sweeper: Sweeper, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    await until(lambda: rows.sweeps)
    rows.broken = True
    rows.add(seconds=30)
    assert await sweeper.sweep() == 0
    assert "the sweep failed" in caplog.text
    assert alarm_s(sweeper) == pytest.approx(30, abs=SLOW_S)


async def test_a_sweep_that_runs_when_the_process_is_stopped_is_waited_for(clock: Clock) -> None:
    begun, goes_on, done = asyncio.Event(), asyncio.Event(), []

    async def slow(work: Callable[[], T]) -> T:
        begun.set()
        await goes_on.wait()
        done.append(work())
        return work()

    sweeper = Sweeper(Rows(clock), clock, slow)
    sweeper.start()
    await begun.wait()
    sweeper.stop()
    settling = asyncio.create_task(sweeper.settle())
    await asyncio.sleep(0.05)
    assert not settling.done()
    goes_on.set()
    await settling
    assert done[0] == (0, None, clock.moment), "it was done after the stop"
