"""`cli.py validate`: what is wrong in the flows, and where."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    CI = "ci"


def validate(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Папки и файлы форм; без них — flows.")
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="Вид: text, json, sarif или ci.")
    ] = Format.TEXT,
    lang: Annotated[str, typer.Option(help="Язык: ru или en.", envvar="MEATBOT_LANG")] = "ru",
    fix: Annotated[bool, typer.Option("--fix", help="Исправить то, что несомненно.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="С --fix: показать правку, ничего не меняя.")
    ] = False,
    cache: Annotated[bool, typer.Option(help="Помнить проверенное в .cache.")] = True,
) -> None:
    """Проверить формы. Код выхода: 0 — чисто, 1 — есть ошибки, 2 — проверять нечего."""
    from engine.check import validation  # noqa: PLC0415 - heavy
    from engine.check.paths import NoProject  # noqa: PLC0415 - with the rest

    given = paths or [Path("flows")]
    try:
        if fix or dry_run:
            typer.echo(validation.mend(given, dry_run=dry_run), nl=False)
        found = validation.validate(given, lang, cached=cache)
    except NoProject as error:
        typer.echo(f"{error}: нет такого файла, или над ним нет project.yaml", err=True)
        raise typer.Exit(2) from error
    if form is Format.TEXT and typer.get_text_stream("stdout").isatty():
        from rich.console import Console  # noqa: PLC0415 - only a terminal has colours
        from rich.text import Text  # noqa: PLC0415 - with it

        Console(highlight=False, soft_wrap=True).print(Text.assemble(*found.pieces()))
    else:
        typer.echo(found.printed(form))
    raise typer.Exit(1 if found.findings else 0)
