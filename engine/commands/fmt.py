"""`cli.py fmt`: files laid out in the house's way, comments kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def fmt(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Папки и файлы форм; без них — flows.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Ничего не менять, только сказать.")
    ] = False,
) -> None:
    """Разложить файлы: порядок ключей и отступы; примечания остаются."""
    from engine.check.formatting import formatted  # noqa: PLC0415 - heavy
    from engine.check.paths import NoProject  # noqa: PLC0415 - with the rest

    try:
        done = formatted(paths or [Path("flows")], keep=check)
    except NoProject as error:
        typer.echo(f"{error}: нет такого файла, или над ним нет project.yaml", err=True)
        raise typer.Exit(2) from error
    changed = [one.path for one in done if one.changed]
    unread = [one.path for one in done if one.after is None]
    for path in changed:
        typer.echo(f"{path}: {'не разложен' if check else 'разложен'}")
    for path in unread:
        typer.echo(f"{path}: не читается, смотрите cli.py validate", err=True)
    typer.echo(f"Файлов {len(done)}, {'не ' if check else ''}разложено {len(changed)}")
    raise typer.Exit(1 if unread or (check and changed) else 0)
