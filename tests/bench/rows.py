"""Our turn on real databases, each measured by a process of its own. Start at `measured`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests import database, servers

ROOT = Path(__file__).parents[2]
GOAL_MS = 2.5  # goals: over a turn in memory and one bare UPDATE that commits
GOAL_STATEMENTS = 2

Row = Mapping[str, float]


def measured(rounds: int, forms: int) -> Mapping[str, Row]:
    """Return milliseconds and statements of a turn on SQLite and on PostgreSQL with fsync."""
    with servers.postgres(durable=True) as url:
        return {
            "SQLite": on_sqlite(rounds, forms),
            "PostgreSQL, fsync on": on(url, rounds, forms),
        }


def on_sqlite(rounds: int, forms: int) -> Row:
    """Measure on a fresh file."""
    with tempfile.TemporaryDirectory(prefix="meatbot-bench-") as folder:
        database.copy("", f"{folder}/bench.sqlite3")
        return on(f"sqlite:///{folder}/bench.sqlite3", rounds, forms)


def on(url: str, rounds: int, forms: int) -> Row:
    """Measure on an empty database. Raises CalledProcessError with what the process said."""
    command = [sys.executable, "-m", "tests.bench.durable", str(rounds), str(forms)]
    environment = os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "WARNING"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found
