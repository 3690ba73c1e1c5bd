"""A group in a process of its own: `python -m tests.bench.alone GROUP quick|full`, started by
`run`. Each finding is a line of JSON on the standard output, the last line the process's own."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict

from tests.bench.groups import GROUPS
from tests.bench.laps import peak_mb
from tests.bench.row import Size

QUICK, FULL = "quick", "full"


def main(name: str, size: str, seed: str) -> None:
    """Measure a group and print."""
    group = next(one for one in GROUPS if one.name == name)
    for found in group.measure(Size(size == QUICK, int(seed))):
        print(json.dumps(asdict(found), ensure_ascii=False), flush=True)
    print(json.dumps({"cpu_s": time.process_time(), "peak_mb": peak_mb()}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
