"""How traces, recalls, stock and lists grow with the lots of a plant: curves over three sizes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.row import Found, Group, Row, Size

SIZES = {8_000: 40_000, 30_000: 300_000, 100_000: 1_000_000}  # lots: postings
WHAT = {
    "forward": "Everything that a delivery reached",
    "backward": "Everything that a pallet was made of",
    "recall": "The recall report of a delivery",
    "stock of a place": "From balances",
    "what is next": "The tasks that wait for a role",
    "list of pallets": "The first page",
}


def _name(what: str, lots: int) -> str:
    return f"{what}, {lots:,} lots"


def measure(size: Size) -> Iterator[Found]:
    """Ask the same of each plant."""
    from tests.bench import books
    from tests.bench.sized import costs

    for lots, postings in SIZES.items():
        with books.kept("sqlite", lots, postings, size.seed) as url:
            found = costs(url, size.seed)
        for what in WHAT:
            yield Found(_name(what, lots), (found[what],), cpu_ms=(found[what],))


ROWS = tuple(
    Row(_name(what, lots), said, "ms", series=f"{what} over lots", size=lots)
    for what, said in WHAT.items()
    for lots in SIZES
)
GROUPS = (Group("sizes", ROWS, measure, quick=False),)
