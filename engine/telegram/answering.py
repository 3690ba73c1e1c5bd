"""One turn as a chat sees it: work first, then the screen.

The work is one transaction in the caller's executor. What follows may fail without losing anything:
a prompt that could not be shown is owed to the chat and shown later, also after a crash."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from time import monotonic

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import AnswerCallbackQuery, SendMessage

from engine.languages.catalogue import SOURCE
from engine.languages.message import Message
from engine.model.conversation import Input, Seen
from engine.model.trail import on_trail
from engine.ports import Ports
from engine.run.arrival import Arrival, Shown
from engine.run.tokens import ScreenPress, parse
from engine.telegram.noted import Noted
from engine.telegram.order import InOrder
from engine.telegram.screen import Screens
from engine.telegram.storage import Caller

log = logging.getLogger(__name__)

Serve = Callable[[Arrival], Shown]  # `engine.run.perform.serve` with its program and ports given
Read = Callable[[], Awaitable[Arrival | None]]
Where = Callable[[], Awaitable[object]]

SayIn = Callable[[str, str], str]  # a text and a language: `Languages.say` of the present Program

LONGEST_TOAST = 200
FAILED = Message("Не получилось. Ничего не сохранено. Код ошибки {code}")
NOT_SHOWN = Message(
    "Сохранено, но показать следующий вопрос не получилось. Нажмите /start. Код ошибки {code}"
)
LETTERS, DIGITS = "ACEFHKLMPRTXY", "2345679"  # what cannot be misread on a photo of a phone


def error_code() -> str:
    """Make a code that a worker can dictate: K7F2."""
    return "".join(secrets.choice(alphabet) for alphabet in (LETTERS, DIGITS, LETTERS, DIGITS))


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: the id to answer to, the message it is on (None: too old to change), its
    data."""

    id: str
    message: int | None
    data: str


@dataclass(slots=True)
class Answering:
    """Takes arrivals. `done` is called after every turn that may have written letters.

    `on_screen` remembers which message shows a chat's screen, and of which turn, to change it when
    an album goes on; it is lost at a restart and of no use after a turn in another process: then a
    fresh message is sent, and a press goes by what was stored. `owed` are chats whose prompt could
    not be shown. `say` says a text in a language; `spoken` are the languages of chats, for words
    that are not of a turn. `took` is told the seconds of every turn and what it showed, None of one
    that failed."""

    serve: Serve
    ports: Ports
    screens: Screens
    call: Caller
    done: Callable[[], None]
    say: SayIn
    in_order: InOrder = field(default_factory=InOrder)
    on_screen: dict[int, tuple[int, int]] = field(default_factory=dict)
    owed: set[int] = field(default_factory=set)
    spoken: dict[int, str] = field(default_factory=dict)
    took: Callable[[float, Shown | None], None] = lambda _seconds, _shown: None
    noted: Noted = field(init=False)

    def __post_init__(self) -> None:
        self.noted = Noted(self.ports, self.call)

    async def update(self, chat: int, read: Read, where: Where, press: Press | None = None) -> None:
        """Take an update: read it, work, answer the press, show. The caller keeps the chat's
        order."""
        with on_trail("update"):
            await self._update(chat, read, where, press)

    async def _update(self, chat: int, read: Read, where: Where, press: Press | None) -> None:
        try:
            arrival = await read()
            if arrival is None:
                return
            shown = await self._work(arrival)
        except Exception:  # our bug or a store that is down: the worker is told the code
            code = error_code()
            log.exception("%s: chat %s", code, chat)
            await self._apologise(code, chat, where, press)
            return
        if press is not None:
            await self._answer(press, shown.toast, alert=shown.alert)
        await self._show(shown, press)

    async def system(self, arrival: Arrival) -> None:
        """Take what the system brings (a decision, a prompt to show again), in the chat's order.

        Raises whatever the work raises; a prompt that cannot be shown is owed."""
        async with self.in_order(arrival.chat):
            shown = await self._work(arrival)
            await self._show(shown, None)

    async def pay(self) -> None:
        """Show the prompts that are owed."""
        for chat in tuple(self.owed):
            self.owed.discard(chat)
            await self.again(chat)

    async def again(self, chat: int) -> None:
        """Show a chat its present prompt once more."""
        try:
            await self.system(Arrival(chat, input=Input.show()))
        except Exception:  # must not stop the others; it is shown at its chat's next touch
            log.exception("chat %s cannot be shown again", chat)

    async def refuse(self, press: Press, words: str, language: str) -> None:
        """Answer a press that is not for us."""
        await self._answer(press, self.say(words, language), alert=True)

    async def _work(self, arrival: Arrival) -> Shown:
        begun, shown, seen = monotonic(), None, self.noted.of(arrival.chat)
        try:
            taken = arrival if seen is None else replace(arrival, seen=seen)
            shown = await self.call(lambda: self.serve(taken))
        finally:
            self.took(monotonic() - begun, shown)
        self.noted.forget(seen)
        self.spoken[shown.chat] = shown.language
        self.done()
        return shown

    async def _show(self, shown: Shown, press: Press | None) -> None:
        chat, present = shown.chat, self._present(shown)
        stale = _stale(shown, press)
        twice = (
            stale and press is not None and press.message == present
        )  # a second tap before the screen changed
        try:
            if shown.prompt is not None:
                await self._prompt(
                    replace(shown, edit=True) if twice else shown,
                    _to_change(press, present, stale=stale),
                )
            elif press is None and shown.toast:
                await self._say(chat, shown.toast)
            if press is not None and press.message and self._worn_out(shown, press, present):
                await self.screens.strip(chat, press.message)
        except TelegramForbiddenError:
            log.info("chat %s has blocked the bot; its screen waits", chat)
        except TelegramBadRequest as error:
            await self._not_shown(chat, error)
        except TelegramAPIError as error:
            log.warning("chat %s will be shown its screen later: %s", chat, error)
            self.owed.add(chat)

    def _present(self, shown: Shown) -> int | None:
        """Return the message that shows the chat's screen; None when this process does not know,
        as another one may have shown a later turn, and nothing is stored of it."""
        turn, message = self.on_screen.get(shown.chat, (-1, 0))
        return message if turn in (_found(shown), shown.turn) else shown.message

    def _worn_out(self, shown: Shown, press: Press, before: int | None) -> bool:
        """Tell whether the buttons of a pressed message are of no more use, those on screen now
        always are: of an earlier screen, or of a second message of the same one, which a bot
        leaves that died before it remembered what it had shown."""
        present = self._present(shown)
        twin = before not in (None, press.message) and _turn(shown, press) is not None
        past = _stale(shown, press) and present is not None
        return press.message != present and (shown.strip or past or twin)

    async def _prompt(self, shown: Shown, message: int | None) -> None:
        sent = await self.screens.show(shown, message)
        self.on_screen[shown.chat] = (shown.turn, sent)
        self.owed.discard(shown.chat)
        await self.noted.note(Seen(shown.chat, shown.turn, sent))

    async def _answer(self, press: Press, words: str, *, alert: bool) -> None:
        """Answer a press. One that is too old to be answered stays unanswered; the screen tells the
        rest."""
        toast = words if len(words) <= LONGEST_TOAST else words[: LONGEST_TOAST - 1] + "…"
        try:
            await self.screens.door.answer(
                AnswerCallbackQuery(
                    callback_query_id=press.id, text=toast or None, show_alert=alert or None
                )
            )
        except TelegramAPIError as error:
            log.info("a press was not answered: %s", error)

    async def _say(self, chat: int, words: str) -> None:
        await self.screens.door.answer(SendMessage(chat_id=chat, text=words), chat)

    async def _apologise(self, code: str, chat: int, where: Where, press: Press | None) -> None:
        await self._tell(chat, FAILED.with_values({"code": code}), press)
        try:
            log.error("%s: chat %s stood at %s", code, chat, await where())
        except Exception:  # the same store may be down; the trace above is what matters
            log.exception("%s: the place of chat %s cannot be read", code, chat)

    async def _not_shown(self, chat: int, error: TelegramBadRequest) -> None:
        code = error_code()
        log.error("%s: chat %s cannot be shown its screen", code, chat, exc_info=error)
        await self._tell(chat, NOT_SHOWN.with_values({"code": code}), None)

    async def _tell(self, chat: int, text: Message, press: Press | None) -> None:
        words = self.say(text, self.spoken.get(chat, SOURCE))
        if press is not None:
            await self._answer(press, words, alert=True)
            return
        try:
            await self._say(chat, words)
        except TelegramAPIError as error:
            log.warning("chat %s was not told «%s»: %s", chat, words, error)


def _stale(shown: Shown, press: Press | None) -> bool:
    """Tell whether a press was on an earlier screen of the chat than the one that the turn
    found."""
    turn = _turn(shown, press)
    return turn is not None and turn < _found(shown)


def _turn(shown: Shown, press: Press | None) -> int | None:
    """Return the turn of the chat's screen that was pressed; None of anything else."""
    pressed = parse(press.data) if press else None
    ours = isinstance(pressed, ScreenPress) and pressed.token == shown.token
    return pressed.turn if isinstance(pressed, ScreenPress) and ours else None


def _found(shown: Shown) -> int:
    """Return the turn whose screen the chat had before this one."""
    return shown.turn if shown.prompt is None or shown.again else shown.turn - 1


def _to_change(press: Press | None, present: int | None, *, stale: bool) -> int | None:
    """Return the message that may be changed into the new screen: the one of the present screen or,
    where that is not known, the pressed one; none for a press on a letter."""
    if press is None or stale:
        return present
    return (present or press.message) if isinstance(parse(press.data), ScreenPress) else None
