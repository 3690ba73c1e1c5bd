"""One process asks Telegram at a time, and knows when it must not."""

from __future__ import annotations

import asyncio

from engine.telegram.tenure import Tenure
from tests.engine.telegram.office import PATIENCE_S, call, until
from tests.engine.telegram.test_places import Skipping


class Given:
    """A lease that tests give and take."""

    def __init__(self, lasts_s: float = 0.3, *, given: bool = True) -> None:
        self.lasts_s, self.given, self.away = lasts_s, given, False
        self.given_up = 0

    def take(self) -> bool:
        if self.away:
            raise OSError("the database is away")
        return self.given

    def give_up(self) -> None:
        self.given_up += 1


class Work:
    """Work that goes on until it is cancelled."""

    def __init__(self) -> None:
        self.going, self.times = False, 0

    async def __call__(self) -> None:
        self.going, self.times = True, self.times + 1
        try:
            await asyncio.Event().wait()
        finally:
            self.going = False


async def test_work_begins_with_the_lease_and_ends_with_its_loss_and_begins_again() -> None:
    lease, work = Given(given=False), Work()
    tenure = Tenure(lease, call)
    keeping = asyncio.create_task(tenure.run())
    doing = asyncio.create_task(tenure.during(work))
    await asyncio.sleep(0.2)
    assert not work.times
    lease.given = True
    await until(lambda: work.going)
    lease.given = False
    await asyncio.wait_for(doing, PATIENCE_S)
    assert (work.going, tenure.held) == (False, False)
    lease.given = True
    again = asyncio.create_task(tenure.during(work))
    await until(lambda: work.times == 2)
    for task in (keeping, again):
        task.cancel()
    await asyncio.gather(keeping, again, return_exceptions=True)


def test_who_cannot_renew_stops_before_the_time_of_the_lease_is_over() -> None:
    with asyncio.Runner(loop_factory=Skipping) as runner:  # a busy machine may be late
        runner.run(cannot_renew())


async def cannot_renew() -> None:
    lease, work, loop = Given(lasts_s=3.0), Work(), asyncio.get_running_loop()
    tenure = Tenure(lease, call, loop.time)
    keeping = asyncio.create_task(tenure.run())
    doing = asyncio.create_task(tenure.during(work))
    await until(lambda: work.going)
    lease.away, away_at = True, loop.time()
    await asyncio.wait_for(doing, PATIENCE_S)
    assert loop.time() - away_at < lease.lasts_s
    assert not work.going
    lease.away = False
    await until(lambda: tenure.held)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_a_renewal_that_hangs_keeps_nobody_asking() -> None:
    hangs = asyncio.Event()

    async def slow(work):
        await hangs.wait()
        return work()

    lease, work = Given(lasts_s=0.3), Work()
    tenure = Tenure(lease, call)
    keeping = asyncio.create_task(tenure.run())
    doing = asyncio.create_task(tenure.during(work))
    await until(lambda: work.going)
    tenure._call = slow
    await asyncio.wait_for(doing, PATIENCE_S)
    assert not work.going
    await asyncio.sleep(0.3)
    hangs.set()  # what was asked so long ago says nothing of now
    await asyncio.sleep(0)
    assert not tenure.held
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_who_stops_gives_the_lease_back() -> None:
    lease = Given()
    tenure = Tenure(lease, call)
    keeping = asyncio.create_task(tenure.run())
    await until(lambda: tenure.held)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    await tenure.end()
    assert (lease.given_up, tenure.held) == (1, False)
