"""What things cost, beside what a plant would have otherwise: `make bench`, `make bench-quick`,
`python -m tests.bench --help`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.bench import baseline, dated
from tests.bench.chart import draw
from tests.bench.groups import GROUPS
from tests.bench.report import show, show_dated
from tests.bench.row import Size
from tests.bench.run import ROOT, run

WIDTH = 150  # characters; a table that wraps is hard to read in a log


def bench(
    quick: Annotated[bool, typer.Option("--quick", help="A look, in three minutes.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Groups whose names begin so.")] = None,
    seed: Annotated[int, typer.Option(help="Of orders and of made-up plants.")] = 1,
    into: Annotated[Path, typer.Option(help="Folder of bench.json, bench.svg.")] = ROOT / "var",
    check: Annotated[
        bool, typer.Option("--check", help="Exit 1 where a ratio is worse than the baseline's.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write-baseline", help="Keep these ratios as the baseline.")
    ] = False,
) -> None:
    """Measure, print, draw."""
    wanted = [
        group
        for group in GROUPS
        if (group.quick or not quick) and (not only or group.name.startswith(tuple(only)))
    ]
    if not wanted:
        raise typer.BadParameter(f"groups: {', '.join(group.name for group in GROUPS)}")
    aside = Console(stderr=True)
    results = run(wanted, Size(quick, seed), lambda line: aside.print(line, highlight=False))
    page = Console(width=WIDTH)
    show(results, wanted, page)
    show_dated(page, dated.shown())
    into.mkdir(parents=True, exist_ok=True)
    kept = json.dumps(results.as_json(), ensure_ascii=False, indent=1)
    (into / "bench.json").write_text(kept, encoding="utf-8")
    (into / "bench.svg").write_text(draw(results, wanted), encoding="utf-8")
    if write:
        baseline.write(results, wanted)
    worse = baseline.worsened(results, wanted, baseline.load(results.size)) if check else []
    for line in worse:
        print(f"worse: {line}")
    raise typer.Exit(1 if worse or results.failed else 0)


if __name__ == "__main__":
    typer.run(bench)
