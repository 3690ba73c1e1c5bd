"""`cli.py bot`: the bot, its outbox and its timers in one process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crm.bridge.jobs import DjangoJobs
    from crm.bridge.reload import Reloader
    from engine.model.effects import Paper, ReportWanted
    from engine.run.arrival import Arrival, Shown
    from engine.schedule import Sweeper
    from engine.telegram.bot import Talker
    from engine.telegram.order import Order
    from engine.telegram.storage import Caller
    from engine.telegram.webhook import Address

AT_ONCE = 8  # turns that are in hand when all but the last are slow
PAPERS = 2  # that are made at once


def bot(
    webhook: Annotated[
        bool,
        typer.Option("--webhook", help="Сообщения приносит Telegram; ботов — сколько угодно."),
    ] = False,
) -> None:
    """Запустить бота: разговоры, отправку уведомлений и таймеры."""
    import asyncio  # noqa: PLC0415 - heavy
    import logging  # noqa: PLC0415

    from crm.ready import ready  # noqa: PLC0415
    from engine.errors import EngineError  # noqa: PLC0415

    ready(rows=True)
    try:
        asyncio.run(run(webhook=webhook))
    except EngineError as error:
        logging.getLogger(__name__).critical("%s", error)
        typer.echo(f"Бот не запущен: {error}", err=True)
        raise typer.Exit(1) from None


async def run(*, webhook: bool = False) -> None:
    """Set everything up and talk until SIGTERM or SIGINT.

    Raises EngineError with a text for the operator."""
    import asyncio  # noqa: PLC0415

    from asgiref.sync import sync_to_async  # noqa: PLC0415

    from crm.bridge.listening import Listener  # noqa: PLC0415
    from crm.care.garbage import settle  # noqa: PLC0415
    from crm.care.metrics import listen  # noqa: PLC0415
    from crm.outbox.bell import sends_itself  # noqa: PLC0415

    listen()
    talker, sweeper, reloader = await sync_to_async(assemble)(webhook=webhook)
    settle()
    sends_itself(lambda: talker.sender.runs)
    sweeper.start()
    bell = Listener(talker.sender.poke, talker.sender.rest)
    beside = [asyncio.create_task(one.run()) for one in (reloader, bell)]
    try:
        await talker.run(on_ready=_tell)
    finally:
        for task in beside:
            task.cancel()
        sweeper.stop()
        await sweeper.settle()


async def _tell(name: str) -> None:
    """Tell administrators that the bot has started."""
    from asgiref.sync import sync_to_async  # noqa: PLC0415

    from crm.bridge.announce import announce  # noqa: PLC0415

    del name
    await sync_to_async(announce)()


def assemble(*, webhook: bool = False) -> tuple[Talker, Sweeper, Reloader]:
    """Return the talker, the sweeper and the reloader of this installation, put together from the
    settings. Each asks for the present Program whenever it needs one."""
    import django  # noqa: PLC0415

    django.setup()
    from crm.bridge.jobs import in_turn  # noqa: PLC0415
    from crm.bridge.ports import make_ports  # noqa: PLC0415
    from crm.bridge.program import FORMS, program  # noqa: PLC0415
    from crm.bridge.reload import Reloader as Reloads  # noqa: PLC0415
    from crm.bridge.threads import Threads  # noqa: PLC0415
    from crm.bridge.timers import PresentTimers  # noqa: PLC0415
    from crm.care.heartbeat import beat  # noqa: PLC0415
    from crm.care.metrics import turned  # noqa: PLC0415
    from engine.schedule import Sweeper as Sweeps  # noqa: PLC0415

    call, started, jobs = Threads("turns", AT_ONCE), FORMS.start(), in_turn()
    talker = _talker(jobs, call, _address() if webhook else None)
    clock = make_ports(program(), jobs=jobs).reads.clock
    sweeper = Sweeps(PresentTimers(program, jobs), clock, call, swept=talker.poke, beat=beat)
    talker.woken, talker.answering.took = sweeper.poke, turned
    return talker, sweeper, Reloads(FORMS, started, call, talker.poke)


def _address() -> Address:
    """Return where Telegram is to bring updates. Raises EngineError when that is not set."""
    from crm.configuration import settings  # noqa: PLC0415
    from engine.errors import EngineError  # noqa: PLC0415
    from engine.telegram.webhook import Address as At  # noqa: PLC0415

    secret, (host, _, port) = settings().webhook_secret, settings().webhook_listen.rpartition(":")
    if secret is None:
        raise EngineError(
            "для --webhook нужны WEBHOOK_URL и WEBHOOK_SECRET / --webhook wants both of them"
        )
    return At(settings().webhook_url, secret.get_secret_value(), host, int(port))


def _beyond() -> Order:
    """Return what keeps the order of chats among processes: Redis where there is one, and the
    database."""
    from crm.bridge.order import DatabaseOrder  # noqa: PLC0415
    from crm.configuration import settings  # noqa: PLC0415

    if not settings().redis_url:
        return DatabaseOrder()
    from engine.telegram.redis_order import RedisOrder  # noqa: PLC0415

    return RedisOrder(settings().redis_url, DatabaseOrder())


def _talker(jobs: DjangoJobs, call: Caller, address: Address | None) -> Talker:
    """Return the talker of this installation. Raises EngineError without a token."""
    from crm.bridge.files import open_files  # noqa: PLC0415
    from crm.bridge.lease import LASTS_S, DatabaseLease  # noqa: PLC0415
    from crm.bridge.papers import Made, PaperMaker  # noqa: PLC0415
    from crm.bridge.ports import make_ports  # noqa: PLC0415
    from crm.bridge.program import program  # noqa: PLC0415
    from crm.bridge.threads import Threads  # noqa: PLC0415
    from crm.configuration import settings  # noqa: PLC0415
    from engine.errors import EngineError  # noqa: PLC0415
    from engine.run.perform import serve  # noqa: PLC0415
    from engine.telegram.bot import Talker as Talks  # noqa: PLC0415
    from engine.telegram.bot import make_bot  # noqa: PLC0415
    from engine.telegram.tenure import Tenure  # noqa: PLC0415

    configuration, files = settings(), open_files()
    papers = Threads("papers", PAPERS)
    if configuration.telegram_bot_token is None:
        raise EngineError(
            "переменная TELEGRAM_BOT_TOKEN не задана / variable TELEGRAM_BOT_TOKEN is missing"
        )

    def turn(arrival: Arrival) -> Shown:
        present = program()
        return serve(present, make_ports(present, jobs=jobs), arrival, opened)

    async def make(wanted: Paper | ReportWanted) -> Made:
        return await papers(lambda: PaperMaker(program(), files)(wanted))

    bot = make_bot(
        configuration.telegram_bot_token.get_secret_value(), configuration.telegram_api_url
    )
    ports = make_ports(program(), jobs=jobs)
    opened = ports.reads.clock.now()
    return Talks(
        bot,
        turn,
        lambda: program().flows,
        ports,
        files,
        call,
        make,
        lambda: program().languages,
        Tenure(DatabaseLease(lasts_s=LASTS_S), Threads("lease")),
        *((address, _beyond()) if address else ()),
    )
