"""`cli.py graph mix --out mix.svg`: a flow, a lifecycle or the whole plant as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


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
    from engine.load.project import load_project  # noqa: PLC0415 - with the rest

    project, findings = load_project(flows)
    text = picture_of(project.sources(), what) if project else None
    if project is None or text is None:
        typer.echo(f"Нет формы или жизненного цикла «{what}»", err=True)
        raise typer.Exit(2 if project else 1)
    if findings:
        typer.echo("В файлах есть ошибки, картинка неполна: cli.py validate", err=True)
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.suffix == ".svg":
        from engine.drawing.svg import draw  # noqa: PLC0415 - the renderer is heavy

        text = draw(text)
    out.write_text(text, "utf-8")
    typer.echo(f"Записано: {out}")
