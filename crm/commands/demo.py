"""`cli.py demo`: the whole product on this machine, on the embedded default."""

from __future__ import annotations

from typing import Annotated

import typer


def demo(
    once: Annotated[bool, typer.Option("--once", help="Без людей: сыграть приёмку, напечатать итог и закончить.")] = False,
) -> None:
    """Запустить учебный завод: телефоны, офис и бот на этой машине; Ctrl-C останавливает всё."""
    from crm.plant.show import run_once, run_until_stopped  # noqa: PLC0415 - heavy

    raise typer.Exit(run_once(typer.echo) if once else run_until_stopped(typer.echo))
