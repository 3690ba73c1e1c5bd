"""A day of a plant on which everything fails: bots, workers, schedulers and the office are killed,
the database and Redis restarted, the storage cut off, Telegram answers late, with 429, 5xx and
everything twice. At the end every answer is there, once."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from engine.simulator.client import PhoneClient
from tests.chaos.clerk import Clerk
from tests.chaos.plant_of_day import DAY_S, WORKERS, Day, begun
from tests.chaos.receiver import Delivery, Receiver
from tests.crash.parent import FIRST_HIRED
from tests.crash.plants import LABORATORY
from tests.sizes import sizes

SEED, FULL = sizes().seed, sizes().full
KILL_S = 20.0 if FULL else 3.0
ONCE = ("database", "redis", "storage")
TELEGRAM = ("duplicate", "rate_limit", "server_error", "delay")
LULL_S = 1.0  # between two exports
# Before an answer, on the average. A chat is sent one letter a second, and of each delivery the
# same few get two, a task and a notice: two hundred who think for six seconds take four hundred in,
# and the last is told of a quarter of an hour later.
THINK_S = 10.0 if FULL else 0.0
REST_S = 120.0  # nothing more is done for so long: the third failure puts a letter off for sixty
# Letters whose time has come. A signal for the end of a question's time is written when the time
# begins, minutes ahead; one for somebody who sleeps waits for his morning.
OWED = "FROM outbox_notice WHERE state IN ('pending', 'retrying') AND retry_from <= "
RUNNING = "FROM jobs_job WHERE state = 'running'"
TOLD = "SELECT count(*) FROM outbox_notice WHERE event LIKE '%:after:%' AND kind = "

pytestmark = [pytest.mark.database, pytest.mark.postgres_only]


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with begun(tmp_path) as day:
        yield day


def test_on_a_day_on_which_everything_fails_nothing_is_lost(day: Day) -> None:
    began, working = time.monotonic(), list[Future[Receiver]]()
    clerk = Clerk(f"http://127.0.0.1:{day.office}", day.plant.ask(f"enter {day.plant.name}"))

    def goes_on() -> bool:
        return time.monotonic() < began + DAY_S and not all(one.done() for one in working)

    def until(seconds: float) -> None:
        while goes_on() and time.monotonic() < began + seconds:
            time.sleep(0.1)

    def kill() -> None:
        chance = Random(f"{SEED} kill")
        for at in range(1, int(DAY_S / KILL_S)):
            until(at * KILL_S)
            day.kill(chance.choice(sorted(day.pids)))

    def trouble() -> None:
        chance = Random(f"{SEED} trouble")
        troubles = chance.sample((*ONCE, *TELEGRAM, *TELEGRAM), len((*ONCE, *TELEGRAM, *TELEGRAM)))
        for at, what in enumerate(troubles):
            until((at + 0.5) * DAY_S / len(troubles))
            day.trouble(what)

    def export() -> None:
        while goes_on():
            clerk.work()
            time.sleep(LULL_S)

    def work(at: int) -> Receiver:
        receiver, count = Receiver(FIRST_HIRED + at, PhoneClient(day.plant.phones_url, 60.0)), 0
        chance = Random(f"{SEED} {at}")

        def think() -> None:
            if time.monotonic() < began + DAY_S:
                time.sleep(chance.uniform(0, 2 * THINK_S))

        receiver.think = think
        while not count or time.monotonic() < began + DAY_S:
            made = datetime.now(UTC) - timedelta(days=7)
            receiver.take(Delivery(f"{at}-{count}", f"{1000 + at},5", f"{made:%d.%m.%Y}"))
            count += 1
        return receiver

    with ThreadPoolExecutor(WORKERS + 3) as crowd:
        working += [crowd.submit(work, at) for at in range(WORKERS)]
        beside = [crowd.submit(one) for one in (kill, trouble, export)]
        receivers = [one.result() for one in working]
        for one in beside:
            one.result()
    ended = time.monotonic()
    told_by = _end(day)
    saved = {number: truck for one in receivers for number, truck in one.saved.items()}
    again, answers = (sum(getattr(one, name) for one in receivers) for name in ("again", "answers"))
    print(
        f"SEED={SEED}: {WORKERS} receivers took {len(saved)} deliveries by {answers} answers, "
        f"{again} of them given once more, in {ended - began:.0f} s; all was told "
        f"{time.monotonic() - ended:.0f} s later; {len(clerk.files)} lists were exported, "
        f"{clerk.failures} were not; killed {sorted(day.killed)}, failed {sorted(day.failed)}"
    )
    assert clerk.failures + len(clerk.files) > 0
    assert sorted(clerk.export()) == sorted(saved), "a list that is exported when all is over"
    for before, after in zip(clerk.files, clerk.files[1:], strict=False):
        assert set(before) <= set(after) <= set(saved), "a list exported while all failed"
    _check(day, saved, sum(len(one.saved) for one in receivers))
    _check_letters(day, len(saved), told_by)


def _check(day: Day, saved: dict[str, str], told: int) -> None:
    count = len(saved)
    assert count == told, "a number of its own for everybody"
    rows = dict(day.all("SELECT number, ttn_number FROM production_rawbatch"))
    assert rows == saved, "every delivery that was told a number, once, and under that number"
    answers = (
        "SELECT number FROM production_rawbatch WHERE weight_received != "
        "1000500 + 1000 * split_part(ttn_number, '-', 1)::int OR product_temp != -190 OR "
        "body_temp != -185 OR tags_number != 24 OR condition != 'frozen' OR "
        "accounting_type != 'Каркас' OR "
        "manufacturer != 'Птицефабрика «Примерная», площадка ' || ttn_number"
    )
    assert day.all(answers) == [], "with the answers of its receiver"
    assert day.one("SELECT count(*) FROM work_session WHERE state = 'saved'") == count
    assert day.one("SELECT count(*) FROM ledger_event") == count
    tasks = "SELECT count(DISTINCT subject_id) FROM work_task WHERE kind = 'analyse_raw'"
    assert day.one(f"{tasks} AND state = 'open'") == count, "no task is lost"
    assert day.plant.ask(f"wrong {day.plant.name}") == "nothing"
    handled = day.all(
        "SELECT chat_id, array_agg(update_id ORDER BY at, update_id) FROM work_update "
        "GROUP BY chat_id"
    )
    for chat, updates in handled:
        assert updates == sorted(updates), f"the order of chat {chat}"


def _check_letters(day: Day, count: int, told_by: datetime) -> None:
    wanted = "SELECT kind, event, state, attempts, next_try_at, last_error"
    owed = day.all(f"{wanted} {OWED} '{told_by.isoformat()}'")
    assert owed == [], "every notice is sent or has its reason"
    reasons = "SELECT count(*) FROM outbox_notice WHERE state = 'undeliverable' AND last_error = ''"
    assert day.one(reasons) == 0
    assert day.one(f"{TOLD} 'message'") == count * (1 + LABORATORY)
    assert day.one(f"{TOLD} 'paper'") == count
    groups = "SELECT 1 FROM outbox_notice GROUP BY event, person_id, chat_id HAVING count(*) > 1"
    assert day.one(f"SELECT count(*) FROM ({groups}) AS t") == 0
    assert day.one(f"SELECT count(*) {RUNNING}") == 0


def _end(day: Day) -> datetime:
    """Wait until everything of the day is done, or nothing more is: one chat is sent one letter a
    second, and a process that was killed last is still starting. Return by when all was told: a
    minute later another signal may be due, for five minutes after each wait began."""
    count = f"SELECT now(), (SELECT count(*) {OWED} now()) + (SELECT count(*) {RUNNING})"
    least, until = math.inf, time.monotonic() + REST_S
    while True:
        ((now, waiting),) = day.all(count)
        rest = waiting or int(not day.answers())
        if rest < least:
            least, until = rest, time.monotonic() + REST_S
        if not rest or time.monotonic() > until:
            assert isinstance(now, datetime)
            return now
        time.sleep(1)
