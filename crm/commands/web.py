"""`cli.py web`: serve the office."""

from __future__ import annotations

from typing import Annotated

import typer


def web(
    port: Annotated[int, typer.Option(help="Порт.")] = 8000,
    host: Annotated[str, typer.Option(help="Адрес, на котором слушать.")] = "127.0.0.1",
    threads: Annotated[int, typer.Option(help="Потоков в процессе.")] = 4,
) -> None:
    """Запустить офис (админку) под gunicorn."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from django.db import connections  # noqa: PLC0415

    connections.close_all()  # what gunicorn forks opens its own
    from crm.office.server import serve  # noqa: PLC0415

    serve(host, port, threads)
