"""Run the whole suite: everything on SQLite, then what touches a database on PostgreSQL.

`python -m tests [PYTEST ARGUMENTS]`. The last lines say what ran on which engine, how long it
took, at what sizes and seed, and what was left out; exit code 1 if anything failed."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests import database, servers
from tests.sizes import Sizes, sizes

SQLITE_URL = "sqlite:///var/meatbot.sqlite3"  # its tests get a file of their own
NO_TESTS = 5  # pytest's exit code
# A file runs in one worker: its module's fixtures (a demo plant, a browser) are made once. Files go
# in the order of tests/conftest.py, the longest first.
SPREAD = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
RUNS = {
    "SQLite": "not postgres_only",
    "PostgreSQL": "(database or postgres_only) and not sqlite_only",
}


@dataclass
class Outcome:
    """What one pytest run did, in how many seconds."""

    engine: str
    code: int
    seconds: float
    counts: Counter[str] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)

    @property
    def green(self) -> bool:
        return self.code in (0, NO_TESTS)


def run(engine: str, arguments: list[str], environment: dict[str, str]) -> Outcome:
    """Run pytest once against one engine."""
    print(f"\n=== pytest on {engine}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="meatbot-tally-") as folder:
        tally = Path(folder, "tally.json")
        command = [sys.executable, "-m", "pytest", "-q", *SPREAD]
        command += [f"--hypothesis-seed={environment['SEED']}"]
        command += ["-m", RUNS[engine], f"--tally={tally}", *arguments]
        code = subprocess.run(command, env=inherited() | environment, check=False).returncode
        outcome = Outcome(engine, code, time.monotonic() - started)
        if tally.exists():
            written = json.loads(tally.read_text(encoding="utf-8"))
            outcome.counts.update(written["counts"])
            outcome.left_out = written["left_out"]
    return outcome


def inherited() -> dict[str, str]:
    """Return the environment without what forbids Python to keep what it compiled: a run starts a
    hundred processes."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def report(outcomes: list[Outcome], drawn: Sizes) -> None:
    """Print the closing lines."""
    total: Counter[str] = sum((outcome.counts for outcome in outcomes), Counter())
    print()
    for outcome in outcomes:
        bad = outcome.counts["failed"] + outcome.counts["error"]
        print(
            f"{outcome.engine}: {outcome.counts['passed']} passed, {bad} failed"
            f" in {outcome.seconds:.0f} s"
        )
    print(f"{drawn} (set them to repeat this run)")
    left_out = sorted({name for outcome in outcomes for name in outcome.left_out})
    if left_out:
        print("Left out for lack of Chromium or LibreOffice; remedy: make system")
        print("\n".join(f"  {name}" for name in left_out))
    print(f"{total['passed']} passed, {total['failed'] + total['error']} failed", flush=True)


def main(arguments: list[str]) -> int:
    """Run the suite on both engines; the first red run does not hide the second."""
    seed = os.environ.get("SEED") or str(secrets.randbelow(10**6))
    drawn = sizes({**os.environ, "SEED": seed})
    print(f"{drawn}", flush=True)
    environment = {"SEED": seed}
    with servers.postgres() as url, ThreadPoolExecutor() as beside:
        ready = beside.submit(database.template, url)
        outcomes = [run("SQLite", arguments, environment | {"DATABASE_URL": SQLITE_URL})]
        ready.result()
        outcomes.append(run("PostgreSQL", arguments, environment | {"DATABASE_URL": url}))
    report(outcomes, drawn)
    return 0 if all(outcome.green for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
