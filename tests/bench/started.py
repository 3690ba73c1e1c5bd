"""A process of the product until it is ready: `python -m tests.bench.started NAME` prints the
seconds of the processor since it began and the most memory that it has held."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

from tests.bench.laps import peak_mb

TOKEN = "1:bench"


def bare() -> None:
    """Import what a bot imports of others, and set Django up."""
    import aiogram
    import apscheduler
    import django

    django.setup()
    del aiogram, apscheduler


def bot() -> None:
    """Put the bot together with the whole plant loaded; it talks to nobody yet."""
    from crm.ready import ready

    ready(rows=True)
    from crm.commands.bot import assemble

    assemble()


def office() -> None:
    """Load the office's application, and answer who is not signed in."""
    import django

    django.setup()
    from django.test import Client

    import crm.wsgi

    assert crm.wsgi.application
    assert Client().get("/admin/login/", headers={"host": "localhost"}).status_code == 200


def scheduler() -> None:
    """Put the timers of a process of their own together, the plant loaded."""
    from crm.ready import ready

    ready(rows=True)
    from crm.commands.scheduler import assemble

    assemble()


def worker() -> None:
    """Know all work that a worker does; it asks no queue yet."""
    from crm.ready import ready

    ready(rows=True)
    import procrastinate

    from crm.commands.worker import kinds

    assert kinds()
    del procrastinate


def phones() -> None:
    """Put the simulator together."""
    from engine.simulator.core import Simulator
    from engine.simulator.server import build_app

    build_app(Simulator())


def listed() -> None:
    """List the commands, as `cli.py --help` does."""
    import cli

    assert cli


NAMES: dict[str, Callable[[], None]] = {
    "bare": bare,
    "bot": bot,
    "scheduler": scheduler,
    "worker": worker,
    "office": office,
    "simulator": phones,
    "commands": listed,
}


def started(name: str) -> tuple[float, float]:
    """Start a process of its own; return seconds of the processor and megabytes."""
    command = [sys.executable, "-m", "tests.bench.started", name]
    own = {"DJANGO_SETTINGS_MODULE": "crm.settings", "TELEGRAM_BOT_TOKEN": TOKEN}
    done = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=True)
    cpu_s, most_mb = json.loads(done.stdout.splitlines()[-1])
    return cpu_s, most_mb


if __name__ == "__main__":
    NAMES[sys.argv[1]]()
    print(json.dumps([time.process_time(), peak_mb()]))
