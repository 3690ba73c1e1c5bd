"""`cli.py scheduler`: timers in a process of their own; any number of them may run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.schedule import Sweeper


def scheduler() -> None:
    """Запустить таймеры отдельно от бота: напоминания, эскалации, сводки, очереди."""
    import asyncio  # noqa: PLC0415 - heavy

    from crm.ready import ready  # noqa: PLC0415

    ready(rows=True)
    asyncio.run(run())


async def run() -> None:
    """Sweep until SIGTERM or SIGINT; a sweep that runs is finished."""
    import asyncio  # noqa: PLC0415
    import signal  # noqa: PLC0415

    from asgiref.sync import sync_to_async  # noqa: PLC0415

    from crm.care.metrics import listen  # noqa: PLC0415

    listen()
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    sweeper = await sync_to_async(assemble)()
    sweeper.start()
    try:
        await stop.wait()
    finally:
        sweeper.stop()
        await sweeper.settle()


def assemble() -> Sweeper:
    """Return the sweeper of this installation; it asks for the present Program at every sweep."""
    from asgiref.sync import sync_to_async  # noqa: PLC0415

    from crm.bridge.connection import on_rows  # noqa: PLC0415
    from crm.bridge.jobs import in_turn  # noqa: PLC0415
    from crm.bridge.ports import make_ports  # noqa: PLC0415
    from crm.bridge.program import program  # noqa: PLC0415
    from crm.bridge.timers import PresentTimers  # noqa: PLC0415
    from crm.care.heartbeat import beat  # noqa: PLC0415
    from engine.schedule import Sweeper as Sweeps  # noqa: PLC0415

    jobs = in_turn()
    clock = make_ports(program(), jobs=jobs).reads.clock
    return Sweeps(PresentTimers(program, jobs), clock, sync_to_async(on_rows), beat=beat)
