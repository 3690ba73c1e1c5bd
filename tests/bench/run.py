"""Runs groups one after another, each in a process of its own, and keeps what they found.

Start at `run`. A group that fails leaves its words where its rows would be; the others go on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.alone import FULL, QUICK
from tests.bench.machine import machine
from tests.bench.places import around
from tests.bench.row import Found, Group, Size

ROOT = Path(__file__).parents[2]
LAST = 400  # characters of what a failed process said
LONGEST_S, ENDS_S = 600, 120  # of a group, and to its end when it is interrupted


@dataclass
class Results:
    """All that a run found: by row, what each group's process used, what failed."""

    machine: str
    size: str
    found: dict[str, Found] = field(default_factory=dict)
    used: dict[str, dict[str, float]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        return asdict(self)


def run(groups: Sequence[Group], size: Size, say: Callable[[str], None]) -> Results:
    """Measure groups."""
    results = Results(machine(), QUICK if size.quick else FULL)
    for group in groups:
        say(f"{group.name} …")
        began = time.monotonic()
        done = _alone(group, size)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        for line in lines:
            if "row" in line:
                found = _found(line)
                results.found[found.row] = found
            else:
                results.used[group.name] = line | {"clock_s": time.monotonic() - began}
        if done.returncode:
            results.failed[group.name] = done.stderr.strip()[-LAST:]
        say(f"{group.name}: {time.monotonic() - began:.0f} s" + " FAILED" * bool(done.returncode))
    return results


def _alone(group: Group, size: Size) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.bench.alone", group.name]
    command += [QUICK if size.quick else FULL, str(size.seed)]
    with around(group.place, size) as place:
        environment = os.environ | {"LOG_LEVEL": "WARNING", "MEATBOT_DEMO": "1"} | dict(place)
        return ended(command, environment, LONGEST_S)


def ended(
    command: Sequence[str], environment: Mapping[str, str], longest_s: float
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; one that takes too long is interrupted, so that it ends what it
    started, and has failed with what it said by then."""
    pipe = subprocess.PIPE
    heard = ["env", "--default-signal=INT", *command]  # a shell's background is deaf to it
    with subprocess.Popen(
        heard, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True
    ) as process:
        try:
            out, said = process.communicate(timeout=longest_s)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            out, said = process.communicate(timeout=ENDS_S)
            said += f"\nnot done after {longest_s:.0f} s"
            return subprocess.CompletedProcess(command, 1, out, said)
        return subprocess.CompletedProcess(command, process.returncode, out, said)


def _found(line: dict[str, Any]) -> Found:
    laps = {name: tuple(value) for name, value in line.items() if isinstance(value, list)}
    return Found(**(line | laps))
