"""What was found as a table for people: every row with its goal, then what was not reached."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench.curves import curves_of, growth
from tests.bench.row import TIMES, YARDSTICK, Found, Goal, Group, Of, Row
from tests.bench.run import Results

HEADS = ("", "ours", "peer", "ours to it", "least…most", "CPU ms", "MB", "goal", "")


def show(results: Results, groups: Sequence[Group], console: Console) -> None:
    """Print a table a group, and the list of what was not reached."""
    console.print(
        f"{results.machine}\n{results.size}; medians of rounds, interleaved with the peer"
    )
    for group in groups:
        console.print(_table(results, group))
    over = not_reached(results, groups)
    console.print(
        f"\nNot reached: {len(over)}" if over else "\nEvery goal that was measured is met"
    )
    for line in over:
        console.print(f"  {line}", highlight=False)
    for line in faster(results, groups):
        console.print(f"  {line}", highlight=False)
    for name, said in results.failed.items():
        console.print(f"\nNOT MEASURED {name}: {said}", markup=False, highlight=False)


def show_dated(console: Console, lines: Sequence[str]) -> None:
    """Print what is measured apart from a run, each with its date."""
    console.print("\nMeasured apart")
    for line in lines:
        console.print(f"  {line}", markup=False, highlight=False)


def _table(results: Results, group: Group) -> Table:
    used = results.used.get(group.name)
    title = group.name
    if used:
        title += f": {used['clock_s']:.0f} s, {used['cpu_s']:.0f} of the processor, "
        title += f"{used['peak_mb']:.0f} MB"
    table = Table(title=title)
    for head in HEADS:
        table.add_column(head, justify="right" if head in HEADS[1:7] else "left")
    for row in group.rows:
        if row.name in results.found:
            table.add_row(*_cells(row, results.found[row.name]))
    return table


def _cells(row: Row, found: Found) -> tuple[str, ...]:
    spread = found.cpu_ratios or found.ratios
    peer = row.peer or (YARDSTICK if found.theirs else "")
    return (
        f"{row.name}\n[dim]{peer}[/]" if peer else row.name,
        f"{number(found.value)} {row.unit}",
        number(median(found.theirs)) if found.theirs else "",
        number(found.ratio) if found.ratio is not None else "",
        f"{number(min(spread))}…{number(max(spread))}" if spread else "",
        number(median(found.cpu_ms)) if found.cpu_ms else "",
        f"{found.peak_mb:.0f}" if found.peak_mb else "",
        str(row.goal or ""),
        _verdict(row.goal, found),
    )


def _verdict(goal: Goal | None, found: Found) -> str:
    value = None if goal is None else found.of(goal)
    if goal is None or value is None:
        return found.note
    met = goal.times_over(value) <= 1
    return " ".join(filter(None, ("met" if met else "[bold]not met[/]", found.note)))


def not_reached(results: Results, groups: Sequence[Group]) -> list[str]:
    """Return a line for each goal that was measured and not met, the farthest first."""
    over = []
    for row in (row for group in groups for row in group.rows if row.goal):
        found = results.found.get(row.name)
        value = found.of(row.goal) if found and row.goal else None
        if row.goal and value is not None and row.goal.times_over(value) > 1:
            line = f"{row.name}: {number(value)}, goal {row.goal} ({row.what})"
            line += _of_others(row, found)
            over.append((row.goal.times_over(value), line))
    return [f"{times:.1f} times: {line}" for times, line in sorted(over, reverse=True)]


def _of_others(row: Row, found: Found | None) -> str:
    """Say when the processor's time would be within a goal that the clock missed: others used the
    machine."""
    if row.goal is None or row.goal.of is Of.RATIO or found is None or not found.cpu_ms:
        return ""
    own = median(found.cpu_ms) / TIMES[row.unit]
    within = row.goal.times_over(own) <= 1
    return f"; of the processor {number(own)}, which is within it" if within else ""


def faster(results: Results, groups: Sequence[Group]) -> list[str]:
    """Return a line for each curve that grows somewhere faster than n·log n."""
    lines = []
    for name, points in curves_of(results, groups).items():
        if (times := growth(points)) > 1:
            said = ", ".join(f"{number(cost)} at {size:,}" for size, cost in points)
            lines.append(f"grows faster than n·log n, {number(times)} times: {name}: {said}")
    return lines


def number(value: float) -> str:
    """Write a number with three digits that say something."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
