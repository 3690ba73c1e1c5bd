"""`cli.py vocabulary`: the names that YAML may use."""

from __future__ import annotations

from typing import Annotated

import typer


def vocabulary(
    write: Annotated[bool, typer.Option("--write", help="Записать файл заново.")] = False,
) -> None:
    """Сверить flows/.vocabulary.json с программой; с --write записать заново."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready()
    from crm.bridge.vocabulary import text  # noqa: PLC0415
    from crm.configuration import settings  # noqa: PLC0415

    path = settings().path(settings().flows_dir) / ".vocabulary.json"
    fresh = text()
    if write:
        path.write_text(fresh, "utf-8")
        typer.echo(f"Записано: {path.name}")
    elif not path.exists() or path.read_text("utf-8") != fresh:
        typer.echo(f"{path.name} устарел. Запишите заново: cli.py vocabulary --write", err=True)
        raise typer.Exit(1)
    else:
        typer.echo(f"{path.name} не устарел")
