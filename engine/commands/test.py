"""`cli.py test flows`: the conversations beside the flows, played, and what they do not reach."""

# ruff: noqa: PT028 - a command with defaults, not a test

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def test(
    flows: Annotated[Path, typer.Argument(help="Папка с формами.")] = Path("flows"),
    only: Annotated[
        str, typer.Option("-k", help="Только разговоры, в имени которых есть это.")
    ] = "",
) -> None:
    """Проиграть разговоры (.talk) и показать, что в формах и жизненных циклах ими не проверено."""
    import time  # noqa: PLC0415 - together with what it measures

    from engine.check.checked import check_folder  # noqa: PLC0415 - heavy
    from engine.check.render import as_text  # noqa: PLC0415 - heavy
    from engine.errors import EngineError  # noqa: PLC0415 - with the rest
    from engine.load.project import load_project  # noqa: PLC0415 - heavy
    from engine.talk.parse import TalkError  # noqa: PLC0415 - heavy
    from engine.talk.rehearse import rehearse  # noqa: PLC0415 - heavy
    from engine.talk.report import flow_lines, lifecycle_lines, summary, talk_line  # noqa: PLC0415 - heavy

    start = time.perf_counter()
    project, _ = load_project(flows)
    report = check_folder(flows)
    if project is None or report.findings:
        typer.echo(as_text(report.findings, report.trees), err=True)
        raise typer.Exit(1)
    try:
        rehearsal = rehearse(flows, project, only, lambda played: typer.echo(talk_line(played)))
    except (EngineError, TalkError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if not rehearsal.played:
        typer.echo(f"Нет разговора, в имени которого есть «{only}»", err=True)
        raise typer.Exit(2)
    for ways in rehearsal.ways:
        typer.echo("\n".join(flow_lines(ways)))
    for lived in rehearsal.lived:
        typer.echo("\n".join(lifecycle_lines(lived)))
    typer.echo(summary(rehearsal, time.perf_counter() - start))
    raise typer.Exit(0 if rehearsal.passed else 1)
