"""What a process costs until it is ready, beside the bare imports of what it is made of."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.row import Found, Group, Of, Place, Row, Size, at_most

BARE = "imports of aiogram and APScheduler and django.setup() in an empty process"
LAPS = 5
OTHERS = {
    "scheduler": "it is put together, the plant loaded",
    "worker": "it knows all that it does",
    "office": "its first page is answered",
    "simulator": "it could listen",
}
ROWS = (
    Row("start of the bot", "CPU until it is put together, the plant loaded", "s", BARE),
    Row("start of the bot: over the floor", "More than the bare imports", "s", goal=at_most(2)),
    Row(
        "memory of the bot", "The most held until then", "MB", BARE, at_most(1.25, Of.RATIO)
    ),
    *(
        row
        for name, what in OTHERS.items()
        for row in (
            Row(f"start of the {name}", f"CPU until {what}", "s", BARE),
            Row(f"memory of the {name}", "The most held until then", "MB", BARE),
        )
    ),
    Row("start of cli.py", "CPU until the commands are listed", "s", BARE),
)  # fmt: skip


def measure(_size: Size) -> Iterator[Found]:
    """Start each of them by turns."""
    from tests.bench.started import NAMES, started

    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in NAMES}
    for _ in range(LAPS):
        for name in NAMES:
            taken[name].append(started(name))
    cpu = {name: tuple(cpu for cpu, _ in laps) for name, laps in taken.items()}
    memory = {name: tuple(mb for _, mb in laps) for name, laps in taken.items()}
    yield Found("start of the bot", cpu["bot"], cpu["bare"])
    over = tuple(one - bare for one, bare in zip(cpu["bot"], cpu["bare"], strict=True))
    yield Found("start of the bot: over the floor", over)
    yield Found("memory of the bot", memory["bot"], memory["bare"])
    for name in OTHERS:
        yield Found(f"start of the {name}", cpu[name], cpu["bare"])
        yield Found(f"memory of the {name}", memory[name], memory["bare"])
    yield Found("start of cli.py", cpu["commands"], cpu["bare"])


GROUPS = (Group("start", ROWS, measure, Place.SQLITE, quick=False),)
