"""One handler per kind of update, asynchronous, found by nothing but the kind, and one dictionary
of places: the cost of an update does not grow with the number of flows, steps or handlers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from aiogram import Dispatcher, types
from aiogram.dispatcher.middlewares.base import BaseMiddleware
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.fsm.middleware import FSMContextMiddleware
from aiogram.fsm.storage.memory import DisabledEventIsolation
from aiogram.types import CallbackQuery, ChatMemberUpdated, TelegramObject, Update

from engine.languages.message import Message
from engine.run.arrival import Arrival
from engine.telegram.answering import Answering, Press
from engine.telegram.inbox import Inbox, phone_language
from engine.telegram.states import Flows, Place, places
from engine.telegram.storage import SessionView

log = logging.getLogger(__name__)

UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]  # aiogram's next one
NOT_HERE = Message("Бот работает только в личном чате")


class Places:
    """The dictionary on (flow, step), made anew when the Program changes."""

    def __init__(self, flows: Callable[[], Flows]) -> None:
        self._flows = flows
        self._of: Flows | None = None
        self._places: Mapping[str, Place] = {}

    def __getitem__(self, state: str | None) -> Place | str:
        """Return the place of a state; the state itself when no flow has it any more."""
        flows = self._flows()
        if flows is not self._of:
            self._of, self._places = flows, places(flows)
        return self._places.get(state or "", state or "меню")


@dataclass(frozen=True, slots=True)
class Handlers:
    """What is done with an update of each kind."""

    answering: Answering
    inbox: Inbox
    places: Places
    view: SessionView

    async def update(self, update: Update) -> bool:
        """Handle an update of `UPDATES`; tell whether it is one."""
        number = update.update_id
        if update.message is not None:
            await self.message(update.message, number)
        elif update.callback_query is not None:
            await self.press(update.callback_query, number)
        elif update.edited_message is not None:
            await self.edited(update.edited_message, number)
        elif update.my_chat_member is not None:
            await self.member(update.my_chat_member)
        else:
            return False
        return True

    async def message(self, message: types.Message, update: int) -> None:
        """A worker wrote or sent something."""
        if _private(message):
            chat = message.chat.id
            await self.answering.update(
                chat, lambda: self.inbox.message(message, update), lambda: self._where(chat)
            )

    async def edited(self, edited: types.Message, update: int) -> None:
        """A worker corrected a message in place: answers are changed by «Назад» or the review."""
        chat = edited.chat.id

        async def read() -> Arrival | None:
            return self.inbox.corrected(edited, update)

        if _private(edited):
            await self.answering.update(chat, read, lambda: self._where(chat))

    async def press(self, press: CallbackQuery, update: int) -> None:
        """A worker pressed a button. Every press is answered."""
        pressed = Press(
            press.id, press.message.message_id if press.message else None, press.data or ""
        )
        if press.message is None or press.message.chat.type != ChatType.PRIVATE:
            await self.answering.refuse(pressed, NOT_HERE, phone_language(press.from_user))
            return
        chat = press.message.chat.id
        arrival = Arrival(
            chat,
            update,
            data=pressed.data or "-",
            language=phone_language(press.from_user),
        )

        async def read() -> Arrival:
            return arrival

        await self.answering.update(chat, read, lambda: self._where(chat), pressed)

    async def member(self, change: ChatMemberUpdated) -> None:
        """A worker blocked the bot, or came back. What is due to him waits in the outbox and in his
        chat."""
        blocked = change.new_chat_member.status == ChatMemberStatus.KICKED
        log.info("chat %s %s the bot", change.chat.id, "blocked" if blocked else "unblocked")

    async def _where(self, chat: int) -> Place | str:
        return self.places[await self.view.state_of(chat)]


class Straight(BaseMiddleware):
    """Brings an update to its handler. aiogram's own way goes on from here by two observers, each
    with filters and middlewares that nobody registered: a tenth of a turn."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Handle it, or let aiogram say what it thinks of one that nobody asked for."""
        return await self._handlers.update(cast(Update, event)) or await handler(event, data)


def dispatcher(handlers: Handlers) -> Dispatcher:
    """Make what aiogram hands updates to."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.fsm = FSMContextMiddleware(handlers.view, DisabledEventIsolation())
    dispatcher.update.outer_middleware(Straight(handlers))
    return dispatcher


def _private(message: types.Message) -> bool:
    if message.chat.type == ChatType.PRIVATE:
        return True
    log.info("a message in %s %s is left alone", message.chat.type, message.chat.id)
    return False
