"""`cli.py waiting`: what waits, for what, since when."""

from __future__ import annotations

from typing import Annotated

import typer


def waiting(
    detailed: Annotated[
        bool, typer.Option("--detailed", help="Назвать каждую заготовку, партию и замес.")
    ] = False,
) -> None:
    """Показать, что и чего ждёт. Ничего не меняет; код 1, если найдено то, чего быть не может."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from django.utils import timezone  # noqa: PLC0415

    from crm.bridge.program import program  # noqa: PLC0415
    from crm.care import waiting as health  # noqa: PLC0415

    now, present = timezone.localtime(), program()
    parts = list(health.summary(present, now))
    if detailed:
        parts += health.detailed(present, now)
    for part in parts:
        mark = "✗ " if part.fault and part.lines else ""
        typer.echo(f"{mark}{part.title}: {len(part.lines) or 'нет'}")
        for line in part.lines:
            typer.echo(f"  {line}")
    raise typer.Exit(1 if any(part.fault and part.lines for part in parts) else 0)
