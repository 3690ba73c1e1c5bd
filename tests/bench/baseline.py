"""The ratios that a change may not worsen, kept in `baseline.json`: by size of the run and by row,
what was found last and how much it moved by itself. Start at `worsened`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TypedDict

from tests.bench.row import Found, Group, Row
from tests.bench.run import Results

FILE = Path(__file__).with_name("baseline.json")
LEAST_NOISE = 0.15  # of a time: what two runs of the same program differ by
MOST_NOISE = 0.6  # more is no measure: it would let anything by
COUNT_NOISE = 0.02  # of a count: means of drawn ways differ in the last digit


class Kept(TypedDict):
    """What a row was: the ratio (or the count), and its spread as a share of it."""

    value: float
    noise: float


Baseline = Mapping[str, Kept]


def load(size: str, path: Path = FILE) -> Baseline:
    """Return what is kept of runs of a size."""
    kept: dict[str, Baseline] = json.loads(path.read_text(encoding="utf-8"))
    return kept.get(size, {})


def write(results: Results, groups: Sequence[Group], path: Path = FILE) -> None:
    """Keep what was found; rows that were not measured stay as they were."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    rows = {row.name: row for group in groups for row in group.rows}
    of_size = kept.get(results.size, {})
    for name, found in results.found.items():
        steady = kept_of(rows[name], found)
        if steady is not None:
            of_size[name] = steady
    kept[results.size] = dict(sorted(of_size.items()))
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def kept_of(row: Row, found: Found) -> Kept | None:
    """Return what of a finding holds on another machine too: the ratio, else a count; None of a
    time without a peer."""
    if row.counted:
        return {"value": round(found.value, 3), "noise": COUNT_NOISE}
    ratios = found.cpu_ratios or found.ratios
    if not ratios:
        return None
    middle = median(ratios)
    noise = (max(ratios) - min(ratios)) / middle / 2
    return {
        "value": float(f"{middle:.4g}"),
        "noise": round(min(max(noise, LEAST_NOISE), MOST_NOISE), 3),
    }


def worsened(results: Results, groups: Sequence[Group], baseline: Baseline) -> list[str]:
    """Return a line for each row that is worse than it was by more than its noise, that was
    measured then and is not now, and that nobody has kept yet."""
    said = []
    for row in (row for group in groups for row in group.rows):
        before, found = baseline.get(row.name), results.found.get(row.name)
        now = kept_of(row, found) if found else None
        if before is None and now is not None:
            said.append(f"{row.name}: {now['value']:g} is not in the baseline (--write-baseline)")
        if before is not None and now is None:
            said.append(f"{row.name}: was {before['value']:g}, is not measured any more")
        if before is None or now is None:
            continue
        allowed = 1 + max(before["noise"], now["noise"])
        worse = _times(row, before["value"], now["value"])
        if worse > allowed:
            said.append(
                f"{row.name}: {now['value']:g}, was {before['value']:g}: {worse:.2f} times worse, "
                f"its noise is {allowed - 1:.0%}"
            )
    return said


def _times(row: Row, before: float, now: float) -> float:
    """Return how many times worse something is; what was none and is some, without end."""
    less, more = (now, before) if _wants_more(row) else (before, now)
    return more / less if less else math.inf if more else 1.0


def _wants_more(row: Row) -> bool:
    return row.goal is not None and row.goal.least is not None
