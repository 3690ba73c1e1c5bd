"""A parent that forks bots, and a seeded plant of its own for every test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.simulator.core import Simulator
from engine.simulator.messages import Phone
from engine.simulator.server import start_in_thread
from tests import database, servers
from tests.crash.plants import (
    GIVEN,
    ON_POSTGRES,
    PATIENCE_S,
    Parent,
    Plant,
    address,
    copied,
    dropped,
)
from tests.e2e.conftest import ROOT, chats


@pytest.fixture(scope="package")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parent]:
    """A parent with its imports done, for all tests."""
    folder, port = tmp_path_factory.mktemp("bots"), servers.free_port()
    numbers = f"127.0.0.1:{servers.free_port()}"
    env = {
        **os.environ,
        "DATABASE_URL": GIVEN if ON_POSTGRES else address(str(folder / "none.sqlite3")),
        "FILES_DIR": str(folder / "files"),
        "TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
        "TELEGRAM_BOT_TOKEN": "1:demo",
        "MEATBOT_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "LOG_LEVEL": "WARNING",
        "HEARTBEAT_FILE": str(folder / "swept"),
        "METRICS_LISTEN": numbers,
    }
    with (folder / "bots.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.parent"],
            cwd=ROOT,
            env=env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == "ready"
            yield Parent(process, port, folder / "swept", f"http://{numbers}/metrics")
        finally:
            # A bot that lives holds the parent's output open: they go first.
            process.communicate("kill\n", timeout=PATIENCE_S)


@pytest.fixture(scope="package")
def seeded(parent: Parent, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a seeded database, to be copied."""
    folder = tmp_path_factory.mktemp("seeded")
    name = f"crash_seeded_{os.getpid()}" if ON_POSTGRES else str(folder / "plant.sqlite3")
    database.copy(GIVEN, name)
    assert parent.ask(f"seed {name}") == "seeded"
    yield name
    dropped(name)


@pytest.fixture
def plant(parent: Parent, seeded: str, tmp_path: Path) -> Iterator[Plant]:
    """A seeded plant and phones of its own."""
    name = f"crash_{os.getpid()}" if ON_POSTGRES else str(tmp_path / "plant.sqlite3")
    dropped(name)
    copied(seeded, name)
    phones = (Phone(at, who) for who, at in chats().items())
    running = start_in_thread(Simulator(phones), port=parent.port)
    try:
        yield Plant(name, running.url, parent, running.core)
    finally:
        assert parent.ask("kill") == "killed"
        running.stop()
