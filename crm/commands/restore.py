"""`cli.py restore`: bring a copy of the plant back, its forms too."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def restore(
    folder: Annotated[Path, typer.Argument(help="Папка с копией.")],
    apply: Annotated[
        bool, typer.Option("--apply", help="Заменить то, что на этом месте уже есть.")
    ] = False,
) -> None:
    """Вернуть завод из копии. Проверяет её всю, прежде чем что-то тронуть; остановите бота и
    офис."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready()
    from crm.bridge.files import open_files  # noqa: PLC0415
    from crm.care.backup import database_of  # noqa: PLC0415
    from crm.care.forms import put_back  # noqa: PLC0415
    from crm.care.restore import bring_back, looked_through, standing  # noqa: PLC0415
    from crm.care.told import Bar, ending  # noqa: PLC0415
    from crm.configuration import settings  # noqa: PLC0415

    database = database_of(settings())
    with ending():
        store = open_files()
        with Bar("Проверяю копию") as bar:
            manifest = looked_through(folder, bar.told)
        there = standing(database, store)
        if not there.empty and not apply:
            typer.echo(
                f"Здесь уже есть завод: строк {there.rows}, файлов {there.files}. Копия от "
                f"{manifest.made_at} заменит его, если добавить --apply; не тронуто ничего",
                err=True,
            )
            raise typer.Exit(1)
        with Bar("Возвращаю") as bar:
            bring_back(folder, manifest, database, store, bar.told)
        forms = put_back(folder, manifest)
    changed = f"изменилось файлов {forms}" if forms else "те же"
    typer.echo(
        f"Возвращено: строк {manifest.census.rows}, файлов {len(manifest.files)}, "
        f"формы: {changed if manifest.forms else 'в копии их нет'}, "
        f"{bar.seconds:.1f} с. Дальше: cli.py manage migrate, cli.py verify-ledger"
    )
