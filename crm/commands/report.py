"""`cli.py report`: a report as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AUTHOR = "Командная строка"


def report(
    name: Annotated[str, typer.Argument(help="Имя отчёта: файл или папка в flows/reports.")],
    param: Annotated[
        list[str] | None,
        typer.Option("--param", help="имя=значение; период: 24.11.2026 или 01.11.2026-24.11.2026."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Куда записать; имя на .csv даст строки через «;».")
    ] = None,
) -> None:
    """Сделать отчёт по данным этого завода."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)

    from crm.bridge.asking import NotUnderstood, read_params  # noqa: PLC0415
    from crm.bridge.program import program  # noqa: PLC0415
    from crm.bridge.reports import book, workbook  # noqa: PLC0415
    from engine.documents.separated import render_csv  # noqa: PLC0415

    running = program()
    form = running.reports.get(name)
    if form is None:
        typer.echo(f"Нет отчёта «{name}». Есть: {', '.join(sorted(running.reports))}", err=True)
        raise typer.Exit(2)
    try:
        given = _pairs(param or [])
        params = read_params(form, given, running.zone.day_begins)
    except NotUnderstood as error:
        typer.echo(f"Отчёт «{form.title}»: {error}", err=True)
        raise typer.Exit(2) from None
    made = book(running, form, params, AUTHOR)
    path = out or Path(made.file)
    plain = path.suffix.lower() == ".csv"
    content = render_csv(made) if plain else workbook(running, made)
    try:
        path.write_bytes(content)
    except OSError as error:
        typer.echo(f"Не записать {path}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"Записано: {path}")


def _pairs(given: list[str]) -> dict[str, str]:
    for pair in given:
        if "=" not in pair:
            typer.echo(f"Параметр пишут так: имя=значение, а не «{pair}»", err=True)
            raise typer.Exit(2)
    return dict(pair.split("=", 1) for pair in given)
