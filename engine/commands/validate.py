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


def validate(
    folder: Annotated[Path, typer.Argument(help="Папка с формами.")] = Path("flows"),
    form: Annotated[Format, typer.Option("--format", help="text или json.")] = Format.TEXT,
) -> None:
    """Проверить формы; код выхода 1, если есть ошибки."""
    from engine.check.checked import check_folder  # noqa: PLC0415
    from engine.check.render import as_json, as_text  # noqa: PLC0415 - heavy

    if not folder.is_dir():
        typer.echo(f"Папки {folder} нет. Укажите папку с project.yaml", err=True)
        raise typer.Exit(2)
    report = check_folder(folder)
    if form is Format.JSON:
        typer.echo(as_json(report.findings))
    elif report.findings:
        typer.echo(as_text(report.findings, report.trees))
        typer.echo(f"\nОшибок: {len(report.findings)}")
    else:
        typer.echo(report.summary)
    raise typer.Exit(1 if report.findings else 0)
