"""`cli.py paths`: every path of a flow, planned or gone through."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def paths(
    flow: Annotated[str, typer.Argument(help="Имя формы; без него нужно --all.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Все формы.")] = False,
    run: Annotated[bool, typer.Option("--run", help="Пройти; без этого — показать план.")] = False,
    pairs: Annotated[bool, typer.Option(help="Искать и пары условий.")] = True,
    flows: Annotated[Path, typer.Option(help="Папка с формами.")] = Path("flows"),
) -> None:
    """Пройти все пути формы. Код выхода 1: сбой, тупик или текст, который не помещается."""
    import time  # noqa: PLC0415 - together with what it measures

    from engine.talk.explore.folder import Unexplorable, explore_folder  # noqa: PLC0415 - heavy
    from engine.talk.explore.report import explored_lines, planned_lines, summary  # noqa: PLC0415

    if bool(flow) is every:
        typer.echo("Назовите форму или попросите все: cli.py paths raw_intake, --all", err=True)
        raise typer.Exit(2)
    start = time.perf_counter()
    try:
        places, exploring = explore_folder(flows, flow, run=run, pairs=pairs)
    except Unexplorable as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    done = []
    for one in exploring:
        done.append(one)
        typer.echo(
            "\n".join(explored_lines(one, places, plays=bool(flow)) if run else planned_lines(one))
        )
    if run:
        typer.echo("\n".join(summary(done, time.perf_counter() - start)))
    raise typer.Exit(1 if any(one.troubles for one in done) else 0)
