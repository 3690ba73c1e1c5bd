"""`cli.py simulator`: a Bot API on this machine and a page of phones."""

from __future__ import annotations

from typing import Annotated

import typer


def simulator(
    port: Annotated[int, typer.Option(help="Порт; 0 — любой свободный.")] = 8090,
    admin_url: Annotated[str, typer.Option(help="Куда ведёт «Открыть админку».")] = "",
    token: Annotated[str, typer.Option(help="Токен, который бот предъявит симулятору.")] = "1:demo",
) -> None:
    """Запустить симулятор Telegram и страницу телефонов."""
    from engine.simulator.server import run  # noqa: PLC0415 - heavy

    run(
        "127.0.0.1",
        port,
        admin_url,
        (),
        token=token,
        ready=lambda url: typer.echo(f"Телефоны: {url}/"),
    )
