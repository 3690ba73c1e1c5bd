"""What the rows of running bots are made of: a form is taken over HTTP as in one process, the peer
tells once, a log, a rate and a saved form are read as they shall; no timing."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.load.tree import read_tree
from engine.talk.parse import Says, Sees
from tests.bench import broadcast, idle, reload
from tests.bench.contender import ours, theirs
from tests.bench.live import Hand, Heard, Shown, lines, process, served
from tests.bench.ours import Ours
from tests.bench.over_http import SAVED, Taker
from tests.bench.peers import poller
from tests.bench.telegram import CHAT
from tests.bench.theirs import DOCUMENTED
from tests.bench.way import DATE, FLOWS, WHO, straight

LOG = """\
71 bot LOG:  statement: BEGIN
71 bot LOG:  execute <unnamed>: SELECT 1 FROM work_update
DETAIL:  Parameters: $1 = '7'
72 web LOG:  execute _pg3_0: COMMIT
71 bot LOG:  statement: UPDATE work_lease SET until = now()
72 web LOG:  statement: SELECT 'LOG:  statement: BEGIN'
"""


@pytest.mark.parametrize("name", [Ours.name, DOCUMENTED])
async def test_a_form_is_taken_over_http(name: str) -> None:
    heard = Heard()
    async with served(heard) as url:
        running = asyncio.create_task(ours(url) if name == Ours.name else theirs(name, url))
        try:
            taker = Taker(heard, time.process_time, lines(today=False))
            ms, cpu_ms = await taker.round(1)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    assert min(ms, cpu_ms) > 0
    assert SAVED in heard.shown[-1].text
    said = [one for one in straight().lines if isinstance(one, Says) and one.who == WHO]
    photos = sum(int(one.what.partition(" ")[2] or 1) - 1 for one in said if one.how == "thing")
    assert heard.screens[CHAT] == len(heard.shown) == len(said) + photos


async def test_a_hand_tells_of_a_button_that_does_not_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.bench.live.PATIENCE_S", 0.0)
    with pytest.raises(RuntimeError, match="it does not come"):
        await Hand(Heard()).does(Says(1, WHO, "button", "Новая партия"))


async def test_a_process_that_died_is_told_with_its_last_words() -> None:
    with pytest.raises(RuntimeError, match="ended with 3: out of salt"):
        async with process("-c", "print('out of salt'); raise SystemExit(3)") as started:
            await asyncio.to_thread(started.wait)


def test_a_bot_that_lives_today_is_told_a_day_of_this_week() -> None:
    (changed,) = [one.what for one in lines(today=True) if DATE.fullmatch(one.what)]
    at = datetime.strptime(changed, "%d.%m.%Y").replace(tzinfo=UTC).date()
    assert timedelta(days=6) < datetime.now(UTC).date() - at <= timedelta(days=7)


async def test_the_peer_of_notices_tells_once_of_what_is_new() -> None:
    rows, told = sqlite3.connect(":memory:"), []

    async def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return rows.execute(sql.replace("%s", "?"), values).fetchall()

    async def tell(identity: int, chat: int) -> None:
        told.append((identity, chat))

    rows.execute(poller.MADE)
    await ask(poller.PUT, 1, 71)
    await ask(poller.PUT, 2, 72)
    looks = poller.Poller(ask, tell)
    assert [await looks.look(), await looks.look()] == [2, 0]
    assert told == [(1, 71), (2, 72)]
    rows.close()


def test_statements_are_counted_by_their_program_without_the_framing() -> None:
    assert dict(idle.asked(LOG)) == {"bot": 2, "web": 1}


def test_a_broadcast_counts_what_others_are_shown_meanwhile() -> None:
    menu, told = "Главное меню", broadcast.TOLD
    shown = [Shown(at, 1, menu if at in (0, 12, 30) else told) for at in (0, 10, 11, 12, 14, 30)]
    assert broadcast.rate(shown) == 3 / 4


def test_a_saved_form_has_another_question_each_time_and_stays_sound(tmp_path: Path) -> None:
    path = Path(shutil.copy(FLOWS / "receiving" / "raw_intake.yaml", tmp_path))
    before = path.read_text("utf-8").splitlines()
    for lap in range(2):
        reload.save(path, lap)
        now = path.read_text("utf-8").splitlines()
        changed = [line for line, was in zip(now, before, strict=True) if line != was]
        assert changed == [f"    {reload.CHANGED} ({lap})"]
        assert read_tree(path.name, path.read_text("utf-8"))[1] == ()


def test_the_half_of_a_form_ends_where_the_next_answer_brings_the_next_question() -> None:
    way = [one.what for one in straight().lines if isinstance(one, Says | Sees)]
    half = way.index(reload.HALF)
    assert any(reload.NEXT in one for one in way[half + 1 : half + 2])
