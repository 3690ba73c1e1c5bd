"""Run the whole suite: on SQLite and, beside it, what touches a database on PostgreSQL too.

`python -m tests [PYTEST ARGUMENTS]`. Both runs go at once: each by itself leaves a quarter of the
machine idle, waiting for bots, browsers and locks. What the second says is kept until the first has
ended. The folders whose tests touch no database belong to the second run, which would end minutes
before the first; the files `SHARED` of tests/conftest.py belong to whichever is free first, so that
both end together. Tests of `either_engine.txt` run on SQLite alone, unless BOTH=1 asks for every
test on both (tests/README.md).

The last lines say what ran on which engine, how long it and its longest tests took, at what sizes
and seed, and what was left out; exit code 1 if anything failed."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests import database, servers
from tests.bench import dated
from tests.sizes import Sizes, sizes

SQLITE_URL = "sqlite:///var/meatbot.sqlite3"  # its tests get a file of their own
NO_TESTS = 5  # pytest's exit code
LOOK_S = 0.2  # between looks at what a run has said
# A file runs in one worker: its module's fixtures (a demo plant, a browser) are made once. Files go
# in the order of tests/conftest.py, the longest first.
SPREAD = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
UNREAD = tuple(f"--ignore={folder}" for folder in database.WITHOUT)  # half of a collection
RUNS = {
    "SQLite": ("-m", "not postgres_only", *UNREAD),
    "PostgreSQL": (
        "-m",
        "bare or ((database or postgres_only) and not (sqlite_only or either_engine))",
    ),
}
ON_BOTH = {
    **RUNS,
    "PostgreSQL": (
        *("-m", "bare or ((database or postgres_only) and not sqlite_only)"),
        *("-p", "tests.statements"),
    ),
}


@dataclass
class Run:
    """One pytest run against one engine, in a process beside others: what it did, how long."""

    engine: str
    folder: Path
    counts: Counter[str] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)
    took: dict[str, float] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def green(self) -> bool:
        """Tell whether nothing failed."""
        return self.process.returncode in (0, NO_TESTS)

    def start(self, arguments: list[str], environment: dict[str, str]) -> None:
        """Start it; what it says is kept."""
        command = [sys.executable, "-m", "pytest", "-q", *SPREAD]
        command += [f"--hypothesis-seed={environment['SEED']}", f"--tally={self._tally}"]
        command += [f"--taken={self.folder}"]
        command += [*(ON_BOTH if os.environ.get("BOTH") else RUNS)[self.engine], *arguments]
        if sys.stdout.isatty():
            command.append("--color=yes")
        self._began = time.monotonic()
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=inherited() | environment, stdout=log, stderr=subprocess.STDOUT
            )

    def show(self) -> None:
        """Print what it has said and says until it ends."""
        print(f"\n=== pytest on {self.engine}", flush=True)
        with self._log.open("rb") as log:
            ended = False
            while not ended:
                ended = self.process.poll() is not None
                sys.stdout.buffer.write(log.read())
                sys.stdout.buffer.flush()
                time.sleep(0 if ended else LOOK_S)

    def wait(self) -> None:
        """Wait for its end, and count what it did."""
        self.process.wait()
        self.seconds = time.monotonic() - self._began
        if self._tally.exists():
            written = json.loads(self._tally.read_text(encoding="utf-8"))
            self.counts.update(written["counts"])
            self.left_out = written["left_out"]
            self.took = written["took"]
            self.said = written["said"]

    def stop(self) -> None:
        """Stop it as by Ctrl-C, that its servers and bots end with it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()

    @property
    def _tally(self) -> Path:
        return self.folder / f"{self.engine}.json"

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.engine}.log"


def inherited() -> dict[str, str]:
    """Return the environment without what forbids Python to keep what it compiled: a run starts a
    hundred processes."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _address(engine: str, stack: ExitStack) -> str:
    """Return the DATABASE_URL of an engine, whose server ends with the stack."""
    if engine == "SQLite":
        return SQLITE_URL
    return stack.enter_context(servers.postgres(like=database.cluster()))


def line(run: Run) -> str:
    """Return what came of a run."""
    bad = run.counts["failed"] + run.counts["error"]
    return f"{run.engine}: {run.counts['passed']} passed, {bad} failed in {run.seconds:.0f} s"


def report(runs: list[Run], drawn: Sizes) -> None:
    """Print the closing lines."""
    total: Counter[str] = sum((run.counts for run in runs), Counter())
    print()
    for run in runs:
        print(line(run))
        for name, seconds in run.took.items():
            print(f"  {seconds:3.0f} s  {name}")
    print(f"{drawn} (set them to repeat this run)")
    left_out = sorted({name for run in runs for name in run.left_out})
    if left_out:
        print("Left out for lack of Chromium or LibreOffice; remedy: make system")
        print("\n".join(f"  {name}" for name in left_out))
    print(f"{total['passed']} passed, {total['failed'] + total['error']} failed", flush=True)


def soaked(runs: list[Run], drawn: Sizes) -> list[str]:
    """Return what is kept of a run at the full sizes."""
    return [str(drawn), *map(line, runs), *(text for run in runs for text in run.said)]


def main(arguments: list[str]) -> int:
    """Run the suite on both engines; a red run does not hide the other."""
    seed = os.environ.get("SEED") or str(secrets.randbelow(10**6))
    drawn = sizes({**os.environ, "SEED": seed})
    print(f"{drawn}", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="meatbot-runs-") as folder,
        ThreadPoolExecutor() as beside,
        ExitStack() as stack,
    ):
        runs, ended = [Run(engine, Path(folder)) for engine in RUNS], list[Future[None]]()
        for run in runs:  # the first is at work while the server of the second is made
            run.start(arguments, {"SEED": seed, "DATABASE_URL": _address(run.engine, stack)})
            stack.callback(run.stop)
            ended.append(beside.submit(run.wait))
        for run in runs:
            run.show()
        for one in ended:
            one.result()
    report(runs, drawn)
    if drawn.full:  # the bench shows it with its date
        dated.keep(dated.SOAK, soaked(runs, drawn))
    return 0 if all(run.green for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
