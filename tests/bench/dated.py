"""What is measured too rarely for every bench, with its date: the faults of `make soak`, the return
of a copy, the check of the history. Standard library only; whoever measures keeps, the report
shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(__file__).parents[2] / "var" / "dated.json"
SOAK, COPIES, AUDIT = "make soak", "copies", "audit"
HOW = {
    SOAK: "make soak",
    COPIES: "python -m tests.bench.copies postgres",
    AUDIT: "python -m tests.bench.audit postgres",
}


def keep(name: str, lines: Sequence[str], file: Path = FILE) -> None:
    """Keep what was measured now, instead of what was before."""
    kept = json.loads(file.read_text("utf-8")) if file.exists() else {}
    kept[name] = {"at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "lines": [*lines]}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def shown(file: Path = FILE) -> list[str]:
    """Return what was measured last of each, with its date; what never was, with its command."""
    kept = json.loads(file.read_text("utf-8")) if file.exists() else {}
    said = []
    for name, command in HOW.items():
        if name in kept:
            said.append(f"{name}, {kept[name]['at']}:")
            said += [f"  {line}" for line in kept[name]["lines"]]
        else:
            said.append(f"{name}: never measured here ({command})")
    return said
