"""`cli.py worker`: work in the background, in a process of its own; any number of them may run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.jobs.queue import Do


def worker() -> None:
    """Запустить фоновую работу: поиск документов, большие выгрузки и отчёты. Нужен PostgreSQL."""
    import asyncio  # noqa: PLC0415 - heavy

    from crm.ready import ready  # noqa: PLC0415

    ready(rows=True)
    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "postgresql":
        typer.echo("Очередь есть только на PostgreSQL; на SQLite всё делают бот и офис", err=True)
        raise typer.Exit(1)
    connection.close()
    asyncio.run(run())


async def run() -> None:
    """Work until SIGTERM or SIGINT; what is in work is finished."""
    import asyncio  # noqa: PLC0415
    import signal  # noqa: PLC0415

    from crm.care.heartbeat import beat  # noqa: PLC0415
    from crm.care.metrics import listen  # noqa: PLC0415
    from crm.jobs.queue import Worker  # noqa: PLC0415

    listen()
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Worker(kinds(), beat).run(stop)


def kinds() -> Mapping[str, Do]:
    """Return how each kind of work is done."""
    from functools import partial  # noqa: PLC0415

    from crm.bridge import jobs  # noqa: PLC0415
    from crm.bridge.connection import on_rows  # noqa: PLC0415
    from crm.office import made  # noqa: PLC0415

    def on_own_rows(do: Do) -> Do:
        return lambda identity, last: on_rows(partial(do, identity, last))

    done = {jobs.KIND: jobs.DjangoJobs().do, made.KIND: made.make_queued}
    return {kind: on_own_rows(do) for kind, do in done.items()}
