"""`cli.py sweep-files`: files that nothing names any more, and files that are not there."""

from __future__ import annotations

from typing import Annotated

import typer


def sweep_files(
    apply: Annotated[
        bool, typer.Option("--apply", help="Убрать; без этого — только счёт.")
    ] = False,
) -> None:
    """Убрать из хранилища файлы, на которые сутки ничто не ссылается, и назвать пропавшие; то же
    делается каждую ночь. Код 1, если какого-то файла нет."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from django.utils import timezone  # noqa: PLC0415

    from crm.bridge.files import open_files  # noqa: PLC0415
    from crm.bridge.stored import look_through, sweep  # noqa: PLC0415

    looked = (sweep if apply else look_through)(open_files(), timezone.now())
    typer.echo(f"{'Убрано' if apply else 'Ничьих'} файлов: {len(looked.unnamed)}")
    if looked.unnamed and not apply:
        typer.echo("Не тронуто ничего. Убрать: --apply")
    for key in looked.missing:
        typer.echo(f"Нет в хранилище: {key}")
    raise typer.Exit(1 if looked.missing else 0)
