"""`cli.py reference`: the reference of every key that YAML may have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PAGE, LOCALES = Path("flows/REFERENCE.md"), Path("locales")


def reference(
    write: Annotated[bool, typer.Option("--write", help=f"Записать страницу {PAGE}.")] = False,
) -> None:
    """Показать справочник ключей; с --write записать его страницу."""
    from engine.check.reference import reference as page  # noqa: PLC0415 - heavy
    from engine.check.reference import update  # noqa: PLC0415 - with the rest

    left = update(LOCALES) if write else 0
    text = page(LOCALES)
    if left:
        typer.echo(f"Без перевода в locales/ru: {left}", err=True)
    if write:
        PAGE.write_text(text, "utf-8")
        typer.echo(f"{PAGE}: строк {len(text.splitlines())}")
    else:
        typer.echo(text)
