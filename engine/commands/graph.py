"""`cli.py graph mix --out mix.svg`: a flow, a lifecycle or the whole plant as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FORMS = (".svg", ".mmd")


def graph(
    what: Annotated[
        str, typer.Argument(help="Имя формы, имя жизненного цикла, или plant — весь завод.")
    ],
    flows: Annotated[Path, typer.Option(help="Папка с формами.")] = Path("flows"),
    out: Annotated[
        Path | None, typer.Option(help="Куда записать: .svg — картинка, .mmd — текст Mermaid.")
    ] = None,
) -> None:
    """Нарисовать форму, жизненный цикл или весь завод; без --out печатает текст Mermaid."""
    from engine.drawing.pictures import picture_of  # noqa: PLC0415 - heavy
    from engine.expressions.suggest import hint  # noqa: PLC0415 - with the rest
    from engine.load.project import load_project  # noqa: PLC0415 - with the rest

    if out is not None and out.suffix not in FORMS:
        typer.echo(f"Картинку пишут в .svg, текст Mermaid в .mmd, а не в «{out.name}»", err=True)
        raise typer.Exit(2)
    project, findings = load_project(flows)
    if project is None:
        typer.echo(f"В папке {flows} нет project.yaml, который читается", err=True)
        raise typer.Exit(2)
    text = picture_of(project.sources(), what)
    if text is None:
        known = (*project.flows, *project.lifecycles, "plant")
        near = hint(what, known, "есть")
        typer.echo(f"Нет формы или жизненного цикла «{what}»: {near}", err=True)
        raise typer.Exit(2)
    if findings:
        typer.echo("В файлах есть ошибки, картинка неполна: cli.py validate", err=True)
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.suffix == ".svg":
        from engine.drawing.svg import draw  # noqa: PLC0415 - the renderer is heavy

        text = draw(text)
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        typer.echo(f"Не записать {out}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"Записано: {out}")
