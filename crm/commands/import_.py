"""`cli.py import`: people and catalogues out of a workbook, shown first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def import_(
    file: Annotated[Path, typer.Argument(help="Книга .xlsx; с --template её не должно быть.")],
    apply: Annotated[
        bool, typer.Option("--apply", help="Записать; без этого — только показать.")
    ] = False,
    template: Annotated[
        bool, typer.Option("--template", help="Сделать книгу с тем, что есть, чтобы её заполнить.")
    ] = False,
) -> None:
    """Загрузить людей и справочники из Excel: сначала показывает, что станет новым и что
    изменится. С одной ошибкой не пишет ничего; код 1."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from crm.bridge.program import program  # noqa: PLC0415
    from crm.care.imports.template import template as filled_in  # noqa: PLC0415

    program()  # knows the roles of the forms
    if template:
        _refuse(file.exists(), f"{file} уже есть")
        file.write_bytes(filled_in(lambda kind: True))
        typer.echo(f"{file}: заполните и загрузите cli.py import {file}")
        return
    _refuse(not file.is_file(), f"{file}: нет такого файла")
    _take(file, apply=apply)


def _take(file: Path, *, apply: bool) -> None:
    from django.utils import timezone  # noqa: PLC0415 - heavy

    from crm.care.imports.kinds import Given  # noqa: PLC0415
    from crm.care.imports.take import CHANGED, NEW, SAME, take_over  # noqa: PLC0415
    from engine.documents.errors import BadLayout  # noqa: PLC0415
    from engine.documents.filled import LARGEST, filled  # noqa: PLC0415

    _refuse(file.stat().st_size > LARGEST, f"{file}: больше 1 МБ")
    try:
        sheets = filled(file.read_bytes())
    except BadLayout as error:
        _refuse(True, f"{file}: {error}")
    given = Given(None, timezone.now())
    taken = take_over(sheets, given, may=lambda kind: True, say=str)
    for line in taken.lines:
        if line.what != SAME:
            mark = "+" if line.what == NEW else "~"
            said = "; ".join(f"{one.column}: {one.old} → {one.new}" for one in line.changes)
            typer.echo(f"{mark} {line.sheet}, строка {line.row}: {line.name} ({said})")
    for fault in taken.faults:
        typer.echo(str(fault), err=True)
    _refuse(bool(taken.faults), f"Не записано ничего, ошибок: {len(taken.faults)}")
    counts = f"{taken.count(NEW)}, изменённых {taken.count(CHANGED)}, прежних {taken.count(SAME)}"
    if not apply:
        typer.echo(f"Новых {counts}. Не записано ничего. Записать: --apply")
        return
    seen = taken.digest
    done = take_over(sheets, given, may=lambda kind: True, say=str, seen=seen)
    _refuse(not done.applied, "Записи тем временем изменились: повторите")
    typer.echo(f"Записано. Новых {counts}")


def _refuse(wrong: bool, words: str) -> None:
    if wrong:
        typer.echo(words, err=True)
        raise typer.Exit(1)
