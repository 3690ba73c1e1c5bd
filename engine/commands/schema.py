"""`cli.py schema`: are the JSON Schemas for editors fresh; `--write` makes them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def schema(
    write: Annotated[bool, typer.Option("--write", help="Записать схемы.")] = False,
    folder: Annotated[Path, typer.Option(help="Папка схем.")] = Path(".schema"),
) -> None:
    """Схемы YAML для редакторов: проверить, свежи ли они, или записать их."""
    from engine.check.json_schemas import schemas, stale  # noqa: PLC0415 - heavy

    if write:
        folder.mkdir(exist_ok=True)
        for name, text in schemas().items():
            (folder / name).write_text(text, "utf-8")
    old = stale(folder)
    typer.echo(
        f"Схемы устарели: {', '.join(old)}. Запишите: cli.py schema --write"
        if old
        else "Схемы свежие."
    )
    raise typer.Exit(1 if old else 0)
