"""`cli.py recall`: what a recall of a lot means."""

from __future__ import annotations

import os
import time
from typing import Annotated

import typer


def recall(
    lot: Annotated[str, typer.Argument(help="Номер лота, номер паллета или код этикетки.")],
) -> None:
    """Собрать отзыв лота: что из него сделано, где это, у кого, и сходятся ли килограммы."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django  # noqa: PLC0415 - heavy

    django.setup()
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
    typer.echo(as_text(collect(found, started)))
