"""`cli.py play raw_intake --as receiver`: talk to a flow in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def play(
    flow: Annotated[str, typer.Argument(help="Имя формы: raw_intake.")],
    role: Annotated[
        str, typer.Option("--as", help="Роль; без неё — первая, которой форма дана.")
    ] = "",
    given: Annotated[
        list[str] | None, typer.Option("--with", help="Параметр формы: blank=blank-1.")
    ] = None,
    talk: Annotated[Path | None, typer.Option(help="Записать разговор в файл .talk.")] = None,
    lang: Annotated[str, typer.Option(help="Язык: ru или en.", envvar="MEATBOT_LANG")] = "ru",
    flows: Annotated[Path, typer.Option(help="Папка с формами.")] = Path("flows"),
) -> None:
    """Поговорить с формой и увидеть, что сохранилось бы; :help внутри — что можно набрать."""
    from engine.talk.terminal.folder import Terminal, play_folder  # noqa: PLC0415 - heavy
    from engine.talk.terminal.opening import Unplayable  # noqa: PLC0415 - with it

    inside = typer.get_text_stream("stdin")

    def read(prompt: str) -> str | None:
        """Ask for a line; what comes from a file or a pipe is shown, so that it reads as a chat."""
        typer.echo(prompt, nl=False)
        line = inside.readline()
        if not inside.isatty():
            typer.echo(line.rstrip("\n"))
        return line if line else None

    terminal = Terminal(lang, read, typer.echo)
    words = dict(one.partition("=")[::2] for one in given or ())
    try:
        play_folder(flows, flow, role, words, terminal, talk)
    except Unplayable as error:
        typer.echo(terminal.say(error.said), err=True)
        raise typer.Exit(2) from error
