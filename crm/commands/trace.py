"""`cli.py trace`: what a lot went into and what it was made of."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How a trace is printed."""

    TREE = "tree"
    JSON = "json"
    SVG = "svg"


def trace(
    lot: Annotated[str, typer.Argument(help="Номер лота, номер паллета или код этикетки.")],
    forward: Annotated[bool, typer.Option("--forward", help="Что из него сделано.")] = False,
    backward: Annotated[bool, typer.Option("--backward", help="Из чего он сделан.")] = False,
    both: Annotated[bool, typer.Option("--both", help="И то и другое.")] = False,
    carry_over: Annotated[
        bool, typer.Option("--carry-over", help="И по остаткам на линии.")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="Вид.")] = Format.TREE,
    out: Annotated[Path | None, typer.Option(help="Куда записать; без него — на экран.")] = None,
) -> None:
    """Проследить лот: куда ушёл и из чего сделан, с килограммами и долями."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from django.utils import timezone  # noqa: PLC0415

    from crm.bridge.traced import as_json, as_mermaid, as_tree, pick_lot  # noqa: PLC0415
    from crm.ledger.trace import Way  # noqa: PLC0415
    from crm.ledger.trace import trace as follow  # noqa: PLC0415
    from engine.drawing.svg import draw  # noqa: PLC0415

    found, said = pick_lot(lot, timezone.now())
    if said:
        typer.echo(said, err=True)
    if found is None:
        raise typer.Exit(2)
    either = forward or backward or both
    ways = [Way.BACKWARD] if backward or both or not either else []
    ways += [Way.FORWARD] if forward or both or not either else []
    traces = [follow(found, way, carry_over=carry_over) for way in ways]
    if form is Format.SVG:
        text = draw(as_mermaid(traces))
    else:
        text = as_json(traces) if form is Format.JSON else as_tree(traces)
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text, "utf-8")
        typer.echo(f"Записано: {out}")
