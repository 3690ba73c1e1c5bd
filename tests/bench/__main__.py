"""What a turn of the intake costs, beside the same form written by hand in aiogram 3.

`python -m tests.bench --help`, or `make bench`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.bench.measure import measure
from tests.bench.report import results, show
from tests.bench.rows import measured as on_databases
from tests.bench.where import where

WIDTH = 110  # characters; a table that wraps is hard to read in a log


def bench(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the medians are of these.")] = 7,
    forms: Annotated[int, typer.Option(min=1, help="Forms of each bot in a round.")] = 10,
    seed: Annotated[int, typer.Option(help="Of the order of the bots in a round.")] = 1,
    durable: Annotated[
        bool, typer.Option(help="Our turn on SQLite and PostgreSQL too, a minute more.")
    ] = True,
    into: Annotated[Path | None, typer.Option("--json", help="Write the results here.")] = None,
) -> None:
    """Measure and print."""
    measured = asyncio.run(measure(rounds, forms, seed))
    places = asyncio.run(where(forms))
    rows = on_databases(rounds, max(1, forms // 2)) if durable else {}
    found = results(measured, places, rows, rounds=rounds, forms=forms, seed=seed)
    show(found, Console(width=WIDTH))
    if into is not None:
        into.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    typer.run(bench)
