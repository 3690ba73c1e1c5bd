"""One handler per kind of update, all of them asynchronous, and one dictionary of places: the cost
of an update does not grow with the number of flows, steps or handlers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiogram import Dispatcher, types
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.fsm.context import FSMContext
from aiogram.fsm.middleware import FSMContextMiddleware
from aiogram.fsm.storage.memory import DisabledEventIsolation
from aiogram.types import CallbackQuery, ChatMemberUpdated, Update

from engine.languages.message import Message
from engine.run.arrival import Arrival
from engine.telegram.answering import Answering, Press
from engine.telegram.inbox import Inbox, phone_language
from engine.telegram.states import Flows, Place, places
from engine.telegram.storage import LazyState, SessionView

log = logging.getLogger(__name__)

UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
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

    async def message(
        self, message: types.Message, event_update: Update, state: FSMContext
    ) -> None:
        """A worker wrote or sent something."""
        if _private(message):
            number = event_update.update_id
            await self.answering.update(
                message.chat.id,
                lambda: self.inbox.message(message, number),
                lambda: self._where(state),
            )

    async def edited(self, edited: types.Message, event_update: Update, state: FSMContext) -> None:
        """A worker corrected a message in place: answers are changed by «Назад» or the review."""

        async def read() -> Arrival | None:
            return self.inbox.corrected(edited, event_update.update_id)

        if _private(edited):
            await self.answering.update(edited.chat.id, read, lambda: self._where(state))

    async def press(self, press: CallbackQuery, event_update: Update, state: FSMContext) -> None:
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
            event_update.update_id,
            data=pressed.data or "-",
            language=phone_language(press.from_user),
        )

        async def read() -> Arrival:
            return arrival

        await self.answering.update(chat, read, lambda: self._where(state), pressed)

    async def member(self, change: ChatMemberUpdated) -> None:
        """A worker blocked the bot, or came back. What is due to him waits in the outbox and in his
        chat."""
        blocked = change.new_chat_member.status == ChatMemberStatus.KICKED
        log.info("chat %s %s the bot", change.chat.id, "blocked" if blocked else "unblocked")

    async def _where(self, state: FSMContext) -> Place | str:
        return self.places[await state.get_state()]


def dispatcher(handlers: Handlers, view: SessionView) -> Dispatcher:
    """Register the handlers: one a kind of update, without filters."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.fsm = FSMContextMiddleware(view, DisabledEventIsolation())
    dispatcher.update.outer_middleware(LazyState(dispatcher.fsm))
    dispatcher.message.register(handlers.message)
    dispatcher.edited_message.register(handlers.edited)
    dispatcher.callback_query.register(handlers.press)
    dispatcher.my_chat_member.register(handlers.member)
    return dispatcher


def _private(message: types.Message) -> bool:
    if message.chat.type == ChatType.PRIVATE:
        return True
    log.info("a message in %s %s is left alone", message.chat.type, message.chat.id)
    return False
