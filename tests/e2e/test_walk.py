"""The walk from the truck to the customer over HTTP: real phones, the real bot in a process of its
own with its outbox and timers, on both databases; and back again by `cli.py trace` and `recall`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from cli import app
from crm.catalogue.models import Customer
from crm.plant.people import chats
from engine.simulator.client import PhoneClient
from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.play import Hands
from engine.simulator.server import start_in_thread
from engine.talk.parse import Says, read_line
from tests.crm.walk import walk_the_plant
from tests.e2e.conftest import ROOT
from tests.guarded import flushable
from tests.seeded import seed

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)  # 07:30 at the plant
PATIENCE_S = 120.0  # on a busy machine


class OverHttp:
    """A door to the plant: phones over HTTP, and the clock of the bot behind them."""

    def __init__(self, url: str, bot: subprocess.Popen[str]) -> None:
        self._bot = bot
        self._hands = Hands("walk.py", PhoneClient(url, PATIENCE_S), chats())

    def say(self, who: str, *things: str) -> None:
        """Let somebody say things, each after the bot has answered the one before."""
        for thing in things:
            self._hands.line += 1
            line = read_line("walk.py", self._hands.line, f"{who}> {thing}")
            assert isinstance(line, Says)
            self._hands.says(line)

    def after(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Let the time of the bot pass."""
        self._move(60 * minutes + seconds)

    def now(self) -> datetime:
        """Return what the clock of the bot shows."""
        return self._move(0)

    def _move(self, seconds: float) -> datetime:
        assert self._bot.stdin is not None
        self._bot.stdin.write(f"after {seconds}\n")
        self._bot.stdin.flush()
        return datetime.fromisoformat(said(self._bot))


def said(process: subprocess.Popen[str]) -> str:
    """Return the next line of a process."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, "the bot has ended"
    return line


@pytest.fixture(scope="module", autouse=True)
def _tables_can_be_emptied() -> Iterator[None]:
    with flushable():
        yield


@pytest.fixture
def door(transactional_db: None, tmp_path: Path) -> Iterator[OverHttp]:
    seed()
    phones = start_in_thread(Simulator(Phone(at, who) for who, at in chats().items()))
    env = {
        **os.environ,
        "FILES_DIR": str(tmp_path),
        "TELEGRAM_API_URL": phones.url,
        "TELEGRAM_BOT_TOKEN": "1:demo",
    }
    name = str(connection.settings_dict["NAME"])
    with (tmp_path / "bot.log").open("w") as log:
        bot = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.bot", name, START.isoformat()],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        said(bot)
        yield OverHttp(phones.url, bot)
    finally:
        bot.terminate()
        bot.communicate(timeout=PATIENCE_S)
        phones.stop()


def printed(command: str, *arguments: str) -> str:
    """Return what a command of ours prints."""
    done = CliRunner().invoke(app, [command, *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_delivery_is_walked_to_the_customer_over_http_and_traced_back(
    door: OverHttp,
) -> None:
    batch, pallet = walk_the_plant(door)
    traced = printed("trace", str(pallet.number), "--backward")
    assert f"Паллет {pallet.number}, 922,000 кг" in traced
    assert f"Партия сырья {batch.number} · 1\u202f000,000 кг · 100,00 %" in traced
    recalled = printed("recall", batch.number or "")
    shipped = next(line for line in recalled.splitlines() if "О-2026-1" in line)
    assert f"Паллет {pallet.number}: 922,000 кг, {Customer.objects.earliest('id').name}" in shipped
    assert "Объяснено: 96,10 %" in recalled  # 78 kg stayed in the mixer
