"""Everything that talks to Telegram, put together. Start at `Talker.run`.

    bot = make_bot(token, api_url)
    talker = Talker(bot, serve, flows, ports, files, call, render)
    await talker.run(on_ready=tell_administrators)

The database is touched only through `call`, which runs a synchronous function where that is
allowed."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiogram import Bot, methods
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.methods import GetMe, Response, SetMyCommands
from aiogram.types import BotCommand, Update
from aiogram.utils.token import TokenValidationError

from engine.errors import EngineError
from engine.languages.catalogue import Languages
from engine.languages.message import Message
from engine.ports import Files, Ports
from engine.telegram.answering import Answering, Serve
from engine.telegram.door import Door
from engine.telegram.inbox import Inbox
from engine.telegram.known import Known
from engine.telegram.order import InOrder, Order, alone
from engine.telegram.polling import NOT_ADMITTED, Polling
from engine.telegram.post import Post
from engine.telegram.router import UPDATES, Handlers, Places, dispatcher
from engine.telegram.screen import Screens
from engine.telegram.secrecy import hide
from engine.telegram.sender import Render, Sender
from engine.telegram.session import Session
from engine.telegram.states import Flows
from engine.telegram.storage import Caller, SessionView
from engine.telegram.tenure import Tenure, Unshared
from engine.telegram.webhook import Address, Webhook

log = logging.getLogger(__name__)

TELEGRAM = "https://api.telegram.org"
REQUEST_S = 60  # for one call; pictures over a phone network take their time
STOP_S = 10.0  # for what is in work when the bot is stopped
OWED_S = 5.0  # between tries to show what could not be shown

COMMANDS = {
    "start": Message("Главное меню"),
    "tasks": Message("Мои задачи"),
    "cancel": Message("Отменить"),
    "help": Message("Помощь"),
    "lang": Message("Язык"),
}

# aiogram makes the model of an answer's type when it is first needed and a garbage collection
# drops it: 14 ms again and again. Holding them keeps them.
ANSWERS = tuple(
    Response[method.__returning__]  # type: ignore[name-defined]  # mypy wants a name
    for method in (
        methods.GetUpdates,
        methods.SendMessage,
        methods.EditMessageText,
        methods.AnswerCallbackQuery,
        methods.GetFile,
        methods.SendMediaGroup,
    )
)


def make_bot(token: str, api_url: str = TELEGRAM) -> Bot:
    """Make the client of one bot. Raises EngineError when the token has no form of one; the text
    does not repeat it."""
    session = Session(api=TelegramAPIServer.from_base(api_url), timeout=REQUEST_S)
    try:
        bot = Bot(token, session=session)
    except TokenValidationError:
        raise EngineError(
            "TELEGRAM_BOT_TOKEN не похож на токен бота (нужно «число:буквы»)"
        ) from None
    hide(token)
    return bot


class Talker:
    """A running bot: updates in, screens out, the outbox delivered.

    `serve` does one turn (`engine.run.perform.serve` with the present Program and the ports given),
    `flows` and `languages` return the present Program's, `call` runs database work, `render` makes
    the file of a paper, where no chat waits for it. Of several processes of one bot the one with
    the `tenure` talks, the others stand by; with a `webhook` all of them answer, in the order
    `beyond` the process, and the one with the tenure delivers the outbox."""

    def __init__(
        self,
        bot: Bot,
        serve: Serve,
        flows: Callable[[], Flows],
        ports: Ports,
        files: Files,
        call: Caller,
        render: Render,
        languages: Callable[[], Languages] = Languages,
        tenure: Tenure | None = None,
        webhook: Address | None = None,
        beyond: Order = alone,
    ) -> None:
        self.bot = bot
        self._tenure = tenure or Tenure(Unshared(), call)
        self._ports, self._call, self._languages = ports, call, languages
        door, post = Door(bot), Post(files)
        self.answering = Answering(
            serve, ports, Screens(door, post), call, self.poke, self._say, InOrder(beyond)
        )
        self.sender = Sender(door, post, self.answering, ports, call, render, self._say)
        inbox = Inbox(bot, files, ports.reads.clock, known=Known(self._is_known))
        handlers = Handlers(self.answering, inbox, Places(flows), SessionView(ports, call))
        self.dispatcher = dispatcher(handlers)
        self._door = door
        self._polling = Polling(bot, self.feed, UPDATES)
        hook = Webhook(bot, door, self.feed, UPDATES, webhook) if webhook else None
        self.webhook: Webhook | None = hook
        self._stop = asyncio.Event()
        self.woken: Callable[[], None] = lambda: None  # told of every turn: a job may be due soon

    async def _is_known(self, chat: int) -> bool:
        return await self._call(lambda: self._ports.people.actor(chat) is not None)

    def poke(self) -> None:
        """Say that letters may have been written (a turn, a sweep). Call it from the event loop's
        thread."""
        self.sender.poke()
        self.woken()

    def stop(self) -> None:
        """Ask the bot to stop: what is in work is finished. Call it from the event loop's
        thread."""
        self._stop.set()

    async def feed(self, update: Update) -> None:
        """Handle one update after the earlier ones of its chat."""
        async with self.answering.in_order(_chat(update)):
            await self.dispatcher.feed_update(self.bot, update)

    async def run(
        self, *, on_ready: Callable[[str], Awaitable[None]] | None = None, signals: bool = True
    ) -> None:
        """Talk until `stop`, SIGTERM or SIGINT. `on_ready` is told the bot's name once it takes
        messages.

        Raises EngineError with a text for the operator when Telegram refuses the token."""
        loop = asyncio.get_running_loop()
        caught = (signal.SIGTERM, signal.SIGINT) if signals else ()
        for number in caught:
            loop.add_signal_handler(number, self.stop)
        work = asyncio.create_task(self._work(on_ready))
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait((work, stopped), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await work
        finally:
            for task in (work, stopped):
                task.cancel()
            await asyncio.gather(work, stopped, return_exceptions=True)
            await (self.webhook or self._polling).settle(STOP_S)
            await self.sender.settle(STOP_S)
            await self._tenure.end()
            for number in caught:
                loop.remove_signal_handler(number)
            await self.dispatcher.fsm.close()
            await self.bot.session.close()

    async def _work(self, on_ready: Callable[[str], Awaitable[None]] | None) -> None:
        name = await self._introduce()
        told = False

        async def ready() -> None:
            nonlocal told
            if on_ready is not None and not told:
                told = True
                await on_ready(name)

        async def keep_talking() -> None:
            while True:
                await self._tenure.during(lambda: self._talk(name, ready))

        always = [self._tenure.run(), keep_talking()]
        if self.webhook is not None:
            always += [self.webhook.run(), self._pay()]
        await _together(*always)

    async def _talk(self, name: str, ready: Callable[[], Awaitable[None]]) -> None:
        """Talk until cancelled: the stop, or the loss of the lease."""
        # What came while the bot was away goes first: a press on a screen whose delivery was not
        # remembered still fits it.
        if self.webhook is None:
            await self._polling.backlog()
        await self._show_undelivered()
        await ready()
        self.poke()
        log.info("@%s talks", name)
        if self.webhook is None:
            noting = self.answering.noted.run()
            await _together(self._polling.run(), self._pay(), self.sender.run(), noting)
        else:
            await self.sender.run()

    async def _introduce(self) -> str:
        """Learn the bot's own name and set its commands; waits for Telegram as long as it takes."""
        while True:
            try:
                me = await self._door.answer(GetMe())
                await self._offer()
                return me.username or str(me.id)
            except (TelegramUnauthorizedError, TelegramNotFound) as error:
                raise EngineError(NOT_ADMITTED) from error
            except TelegramAPIError as error:
                log.warning("Telegram does not answer yet: %s", error)
                await asyncio.sleep(1)

    async def _offer(self) -> None:
        """Set the list of commands: in Russian for everybody, and for phones of other languages."""
        for language in ("", *self._languages().speakers):
            commands = [
                BotCommand(command=name, description=self._say(text, language))
                for name, text in COMMANDS.items()
            ]
            await self._door.answer(
                SetMyCommands(commands=commands, language_code=language or None)
            )

    def _say(self, text: str, language: str) -> str:
        return self._languages().say(text, language)

    async def _show_undelivered(self) -> None:
        """Show every chat the prompt that never reached it: a crash came in between."""

        def undelivered() -> tuple[int, ...]:
            with self._ports.transaction():
                return self._ports.chats.undelivered()

        for chat in await self._call(undelivered):
            await self.answering.again(chat)

    async def _pay(self) -> None:
        while True:
            await asyncio.sleep(OWED_S)
            await self.answering.pay()


async def _together(*works: Coroutine[Any, Any, None]) -> None:
    """Work side by side until cancelled or one fails: the operator reads one cause, not a group."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except ExceptionGroup as several:
        raise several.exceptions[0] from several


def _chat(update: Update) -> int:
    """Return the chat whose order an update keeps; 0 for one without a chat."""
    press = update.callback_query
    event = (
        update.message
        or update.edited_message
        or update.my_chat_member
        or (press and press.message)
    )
    return event.chat.id if event else 0
