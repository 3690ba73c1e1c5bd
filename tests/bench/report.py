"""The measured as tables for people and as JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.measure import GOALS, KINDS, Rounds, of_kind, ratio, typical
from tests.bench.ours import Ours
from tests.bench.rows import GOAL_MS, GOAL_STATEMENTS, Row


def machine() -> str:
    """Describe where this runs, with the load of others."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), "")
    return (
        f"{os.cpu_count()} cores ({model or platform.machine()}), load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, aiogram {version('aiogram')}"
    )


def results(
    measured: Rounds,
    places: Mapping[str, float],
    durable: Mapping[str, Row],
    **parameters: int,
) -> dict[str, Any]:
    """Return everything as what JSON takes."""
    return {
        "machine": machine(),
        "parameters": parameters,
        "contenders": {name: _row(measured, name) for name in measured},
        "goals": dict(GOALS),
        "where": dict(places),
        "durable": {name: dict(row) for name, row in durable.items()},
    }


def _row(measured: Rounds, name: str) -> dict[str, Any]:
    rounds = measured[name]
    return {
        "ms": typical(rounds, lambda one: one.ms),
        "ms_least": min(one.ms for one in rounds),
        "ms_most": max(one.ms for one in rounds),
        "cpu_ms": typical(rounds, lambda one: one.cpu_ms),
        "ms_by_kind": {kind: typical(rounds, of_kind(kind)) for kind in KINDS},
        "calls": typical(rounds, lambda one: one.calls),
        "ours_to_it": ratio(measured, name, lambda one: one.ms),
        "ours_to_it_cpu": ratio(measured, name, lambda one: one.cpu_ms),
        "ours_to_it_by_kind": {kind: ratio(measured, name, of_kind(kind)) for kind in KINDS},
    }


def show(found: dict[str, Any], console: Console) -> None:
    """Print the tables."""
    sizes = ", ".join(f"{name} {value}" for name, value in found["parameters"].items())
    console.print(f"{found['machine']}\n{sizes}; medians of rounds, least…most in brackets")
    console.print(_costs(found))
    console.print(_ratios(found))
    console.print(_where(found["where"]))
    if found["durable"]:
        console.print(_durable(found["durable"]))


def _costs(found: dict[str, Any]) -> Table:
    table = Table(title="A turn of the intake, in process, sessions in memory: ms")
    for head in ("", "a turn", "CPU", *KINDS, "API calls a form"):
        table.add_column(head, justify="left" if not head else "right")
    for name, row in found["contenders"].items():
        spread = f"{row['ms']:.2f} ({row['ms_least']:.2f}…{row['ms_most']:.2f})"
        kinds = [f"{row['ms_by_kind'][kind]:.2f}" for kind in KINDS]
        table.add_row(name, spread, f"{row['cpu_ms']:.2f}", *kinds, f"{row['calls']:.0f}")
    return table


def _ratios(found: dict[str, Any]) -> Table:
    table = Table(title="Ours to a peer's: below 1 ours is the cheaper")
    for head in ("", "a turn", "CPU", *KINDS, "goal"):
        table.add_column(head, justify="left" if not head else "right")
    for name, row in found["contenders"].items():
        if name == Ours.name:
            continue
        goal = found["goals"].get(name)
        ratios = [f"{row[key]:.2f}" for key in ("ours_to_it", "ours_to_it_cpu")]
        ratios += [f"{row['ours_to_it_by_kind'][kind]:.2f}" for kind in KINDS]
        table.add_row(name, *ratios, "" if goal is None else met(row["ours_to_it"], goal))
    return table


def _where(places: Mapping[str, float]) -> Table:
    table = Table(title="Where our turn's time goes (a pass of its own)")
    for head in ("", "ms a turn", "share"):
        table.add_column(head, justify="left" if not head else "right")
    whole = sum(places.values())
    for place, ms in places.items():
        table.add_row(place, f"{ms:.3f}", f"{ms / whole:.0%}")
    return table


def _durable(rows: Mapping[str, Row]) -> Table:
    table = Table(title="Our turn with sessions as rows: ms")
    for head in (
        "",
        "a turn",
        "in memory",
        "bare UPDATE",
        "over both",
        "goal",
        "statements",
        "goal",
    ):
        table.add_column(head, justify="left" if not head else "right")
    for name, row in rows.items():
        over = row["durable_ms"] - row["memory_ms"] - row["bare_ms"]
        table.add_row(
            name,
            *(f"{row[key]:.2f}" for key in ("durable_ms", "memory_ms", "bare_ms")),
            f"{over:.2f}",
            met(over, GOAL_MS),
            f"{row['statements']:.1f}",
            met(row["statements"], GOAL_STATEMENTS),
        )
    return table


def met(value: float, goal: float) -> str:
    """Say whether a value is within its goal."""
    return f"≤ {goal}: {'met' if value <= goal else 'not met'}"
