"""How many slips of an author the checker finds, how many on their very line, and what it says of
flows that are sound."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.row import Found, Group, Row, Size, at_least, at_most

FOUND = Row(
    "seeded mistakes found", "One slip of an author in one file of the plant", "%",
    goal=at_least(95),
)  # fmt: skip
EXACT = Row(
    "seeded mistakes: on the very line", "With a finding where the slip is", "%", goal=at_least(90)
)
FALSE = Row(
    "seeded mistakes: false alarms", "Findings in the flows as they are shipped", "found",
    goal=at_most(0),
)  # fmt: skip


def measure(size: Size) -> Iterator[Found]:
    """Slip, and look what is found."""
    from engine.check.checked import check_folder
    from tests.bench.mutants import ROOT, run

    outcomes, equal = run(size.seed, size.of(20, 200))
    note = f"{len(outcomes)} slips, {equal} more were none"
    for row, hits in (
        (FOUND, [one.found for one in outcomes]),
        (EXACT, [one.exact for one in outcomes]),
    ):
        yield Found(row.name, (100 * sum(hits) / len(hits),), note=note)
    yield Found(FALSE.name, (float(len(check_folder(ROOT / "flows").findings)),))


GROUPS = (Group("mistakes", (FOUND, EXACT, FALSE), measure),)
