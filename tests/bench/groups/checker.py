"""What checking flows costs: the plant's own and made-up ones from one to a thousand, without and
with the cache, one of them changed; beside it check-jsonschema on the same files.

Every lap is a process of its own, since a process checks a folder once; its time and its memory
are told by `tests.bench.checker`, after the imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.checker import Lap, both, lines_of, peer, row, whole
from tests.bench.many import plant
from tests.bench.row import Found, Group, Of, Row, Size, at_most

FLOWS = Path(__file__).parents[3] / "flows"
SIZES = (1, 10, 100, 1000)
LAPS = 5
PEER = "check-jsonschema on the same files"
COLD, WARM, CHANGED = "validate, cold", "validate, warm", "validate, one file changed"
IMPORTS = Row("validate: imports", "CPU before the first file is read", "s", goal=at_most(0.5))
PLANT = Row("validate: the plant, cold", "flows/ as it is shipped", "s", goal=at_most(1.5))
FASTER = Row(
    "validate: beside the peer",
    "A thousand flows (a hundred in a quick run), with the start of the process",
    "s",
    PEER,
    at_most(1, Of.RATIO),
)
BOTH = Row(
    "validate: beside both peers",
    "The same beside two free programs, one after the other",
    "s",
    "check-jsonschema and yamllint on the same files",
    at_most(1, Of.RATIO),
)
BOUNDS = {COLD: 10, WARM: 0.5, CHANGED: 0.3}  # of a thousand flows, after imports


def _rows() -> Iterator[Row]:
    yield from (IMPORTS, PLANT, FASTER, BOTH)
    for series, bound in BOUNDS.items():
        for count in SIZES:
            goal = at_most(bound) if count == SIZES[-1] else None
            what = f"{count} made-up flows and the rest of a small plant, after imports"
            yield Row(f"{series}, {count:,} flows", what, "s", "", goal, series, count)


def measure(size: Size) -> Iterator[Found]:
    """Check folders."""
    yield _found(IMPORTS.name, [row("imports", FLOWS) for _ in range(LAPS)], cpu=True)
    yield _found(PLANT.name, [row("cold", FLOWS) for _ in range(LAPS)])
    for count in SIZES[: size.of(3, 4)]:
        yield from _folder(count, size)


def _folder(count: int, size: Size) -> Iterator[Found]:
    with TemporaryDirectory() as folder:
        flows = plant(Path(folder), count, size.seed)
        note = f"{lines_of(flows):,} lines"
        cold: list[Lap] = []
        started: list[Lap] = []
        theirs: dict[str, list[Lap]] = {FASTER.name: [], BOTH.name: []}
        for _ in range(1 if count > SIZES[2] else LAPS):
            cold.append(row("cold", flows))
            if count == SIZES[size.of(2, 3)]:
                started.append(whole(flows))
                theirs[FASTER.name].append(peer(flows))
                theirs[BOTH.name].append(both(flows))
        yield _found(f"{COLD}, {count:,} flows", cold, note=note)
        for name, laps in theirs.items():
            if laps:
                yield _beside(name, started, laps, count)
        row("fill", flows)
        warm = [row("fill", flows) for _ in range(LAPS)]
        yield _found(f"{WARM}, {count:,} flows", warm)
        changed = [_changed(flows, lap) for lap in range(LAPS)]
        yield _found(f"{CHANGED}, {count:,} flows", changed)


def _beside(name: str, ours: list[Lap], theirs: list[Lap], count: int) -> Found:
    return Found(
        name,
        tuple(lap[1] for lap in ours),
        tuple(lap[1] for lap in theirs),
        tuple(1000 * lap[2] for lap in ours),
        tuple(1000 * lap[2] for lap in theirs),
        max(lap[3] for lap in ours),
        f"{count:,} flows",
    )


def _changed(flows: Path, lap: int) -> Lap:
    path = flows / "area_00/made_0000.yaml"
    path.write_text(path.read_text("utf-8") + f"# changed {lap}\n", "utf-8")
    return row("fill", flows)


def _found(name: str, laps: list[Lap], *, cpu: bool = False, note: str = "") -> Found:
    """Return a finding of laps in seconds; what was asked for is the clock's time or the
    processor's."""
    clock, own = tuple(lap[1] for lap in laps), tuple(lap[2] for lap in laps)
    return Found(
        name,
        own if cpu else clock,
        cpu_ms=tuple(1000 * one for one in own),
        peak_mb=max(lap[3] for lap in laps),
        note=note,
    )


GROUPS = (Group("checker", tuple(_rows()), measure),)
