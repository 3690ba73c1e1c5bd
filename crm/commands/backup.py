"""`cli.py backup`: a copy of the plant, database, files and forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def backup(
    folder: Annotated[Path, typer.Argument(help="Новая папка для копии.")],
) -> None:
    """Сделать копию завода: базу данных, файлы и формы. Работу останавливать не нужно."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from crm.audit.verify import head  # noqa: PLC0415
    from crm.bridge.files import open_files  # noqa: PLC0415
    from crm.care.backup import back_up, database_of, named_files  # noqa: PLC0415
    from crm.care.forms import lying  # noqa: PLC0415
    from crm.care.told import Bar, ending  # noqa: PLC0415
    from crm.configuration import settings  # noqa: PLC0415

    with ending(), Bar("Копирую") as bar:
        sealed = head().digest
        database, store = database_of(settings()), open_files()
        made = back_up(folder, database, store, named_files, bar.told, lying())
    size = (made.database_file.size + sum(one.size for one in made.files.values())) / 1_000_000
    typer.echo(
        f"Копия {folder}: строк {made.census.rows}, файлов {len(made.files)}, "
        f"{size:.1f} МБ, {bar.seconds:.1f} с"
    )
    typer.echo(f"Последняя печать истории: {sealed} (cli.py verify-audit --head)")
    for title, keys in (
        ("Файлов, которые база данных называет, а хранилище не имеет", made.missing),
        ("Файлов, содержимое которых не то, что записано", made.damaged),
    ):
        if keys:
            typer.echo(f"{title}: {len(keys)} ({', '.join(keys[:5])})", err=True)
    raise typer.Exit(1 if made.missing or made.damaged else 0)
