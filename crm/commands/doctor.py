"""`cli.py doctor`: whether this installation is well, and what to do."""

from __future__ import annotations

import typer


def doctor() -> None:
    """Осмотреть установку: настройки, базу, хранилище, диск, формы, часы, бота, Redis, очередь
    работ, исходящие. Код 1, если что-то нужно исправить."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready()
    from crm.care.doctor import examined  # noqa: PLC0415
    from crm.configuration import settings  # noqa: PLC0415

    wrong = 0
    for title, said in examined(settings()):
        mark = "✓" if said.well else "✗" if said.fault else "!"
        typer.echo(f"{mark} {title}: {said.words}")
        if said.remedy:
            typer.echo(f"    что делать: {said.remedy}")
        wrong += not said.well and said.fault
    typer.echo("Всё в порядке" if not wrong else f"Нужно исправить: {wrong}")
    raise typer.Exit(1 if wrong else 0)
