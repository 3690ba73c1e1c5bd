"""`cli.py explain F305`: what a finding means, why it matters, how it is done right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PAGE = Path("docs/findings.md")


def explain(
    code: Annotated[str, typer.Argument(help="Код ошибки; без него — список всех.")] = "",
    lang: Annotated[str, typer.Option(help="Язык: ru или en.", envvar="MEATBOT_LANG")] = "ru",
    write: Annotated[
        bool, typer.Option("--write", help=f"Записать страницу всех ошибок: {PAGE}.")
    ] = False,
) -> None:
    """Объяснить ошибку: что она значит, почему важна, как правильно."""
    from engine.check.explain import explained, listed, manual  # noqa: PLC0415 - heavy
    from engine.check.rules import RULES  # noqa: PLC0415 - with the rest
    from engine.check.spoken import catalogue  # noqa: PLC0415 - with the rest

    words = catalogue(lang)
    if write:
        PAGE.write_text(manual(words), "utf-8")
        typer.echo(f"{PAGE}: {len(RULES)}")
    elif not code:
        typer.echo(listed(words))
    elif (rule := RULES.get(code.upper())) is not None:
        typer.echo(explained(rule, words))
    else:
        typer.echo(f"Правила {code} нет. Все: cli.py explain", err=True)
        raise typer.Exit(2)
