"""`cli.py recall`: what a recall of a lot means."""

from __future__ import annotations

import time
from typing import Annotated

import typer


def recall(
    lot: Annotated[str, typer.Argument(help="Номер лота, номер паллета или код этикетки.")],
    carry_over: Annotated[
        bool, typer.Option("--carry-over", help="И то, куда он попал остатком на линии.")
    ] = False,
) -> None:
    """Собрать отзыв лота: что из него сделано, где это, у кого, и сходятся ли килограммы."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from django.utils import timezone  # noqa: PLC0415

    from crm.bridge.recalled import as_text  # noqa: PLC0415
    from crm.bridge.traced import pick_lot  # noqa: PLC0415
    from crm.production.recall import recall as collect  # noqa: PLC0415

    started = time.monotonic()
    found, said = pick_lot(lot, timezone.now())
    if said:
        typer.echo(said, err=True)
    if found is None:
        raise typer.Exit(2)
    typer.echo(as_text(collect(found, started, carry_over=carry_over)))
