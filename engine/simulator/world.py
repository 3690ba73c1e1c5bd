"""Everything the simulator remembers, in memory: the bot, chats, files, the queue of updates.

Lives in one event loop; nothing here waits but the queue and the changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from engine.simulator.api_error import BLOCKED, ApiError, bad
from engine.simulator.changes import Changes
from engine.simulator.faults import Faults, Flood
from engine.simulator.file_store import FileStore
from engine.simulator.markup import Remove, Reply
from engine.simulator.messages import Bot, Chat, Message, Phone, Toast
from engine.simulator.updates import Updates
from engine.simulator.webhook import Webhook

QUERY_LIVES_S = 15 * 60
EDITABLE_S = 48 * 3600


@dataclass(slots=True)
class Query:
    """A press that waits for answerCallbackQuery."""

    chat_id: int
    at: float


class World:
    """The state. `clock` gives Unix seconds; `shift_s` moves it for tests of what grows old."""

    def __init__(
        self,
        bot: Bot,
        phones: Iterable[Phone] = (),
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bot = bot
        self.clock = clock
        self.shift_s = 0.0
        self.changes = Changes()
        self.files = FileStore()
        self.updates = Updates(monotonic)
        self.faults = Faults()
        self.flood = Flood(monotonic)
        self.commands: dict[str, list[dict[str, Any]]] = {}  # by the language of the phone
        self.queries: dict[str, Query] = {}
        self.chats = {phone.chat_id: Chat(phone) for phone in phones}
        self.webhook: Webhook | None = None
        self._bringing: asyncio.Task[None] | None = None
        self._last_message = 0
        self._last_query = 0

    def now(self) -> float:
        """Return the simulator's time, Unix seconds."""
        return self.clock() + self.shift_s

    def chat(self, chat_id: int | str) -> Chat:
        """Return a chat. Raises ApiError 400 when there is none."""
        try:
            return self.chats[int(chat_id)]
        except (KeyError, ValueError) as error:
            raise bad("chat not found") from error

    def open_chat(self, chat_id: int | str) -> Chat:
        """Return a chat that the bot may write to. Raises ApiError 400 or 403."""
        chat = self.chat(chat_id)
        if chat.blocked:
            raise ApiError(*BLOCKED)
        return chat

    def next_message(self, *, mine: bool) -> Message:
        """Make an empty message with the next number and the present time."""
        self._last_message += 1
        return Message(self._last_message, int(self.now()), mine)

    def post(self, chat: Chat, message: Message) -> Message:
        """Put a message into a chat; a reply keyboard that came with it replaces the one that
        stood."""
        chat.messages[message.id] = message
        if isinstance(message.markup, Reply):
            chat.reply = message.markup
        elif isinstance(message.markup, Remove):
            chat.reply = None
        self.touch(chat, message)
        return message

    def touch(self, chat: Chat, message: Message | None = None) -> None:
        """Raise the revision of a chat, and of a message that changed."""
        chat.revision = self.changes.bump(chat.phone.chat_id)
        if message is not None:
            message.revision = chat.revision

    def toast(self, chat: Chat, number: str, text: str, alert: bool) -> None:
        """Show a toast or an alert on a phone."""
        self.touch(chat)
        chat.toasts.append(Toast(number, text, alert, chat.revision, int(self.now())))

    def next_query(self, chat: Chat) -> str:
        """Remember a new press; return its id."""
        self._last_query += 1
        number = f"{self.bot.id}{self._last_query:010d}"
        self.queries[number] = Query(chat.phone.chat_id, self.now())
        return number

    def push(self, kind: str, body: dict[str, Any]) -> int:
        """Queue an update for the bot; a fault may make it come twice."""
        return self.updates.push(kind, body, self.faults.copies())

    async def bring_to(self, hook: Webhook | None) -> None:
        """Bring updates to an address from now on; None ends that. Named once more, an address is
        what it was: what is on its way goes on."""
        if (
            hook
            and self.webhook
            and (hook.url, hook.secret) == (self.webhook.url, self.webhook.secret)
        ):
            return
        if self._bringing is not None:
            self._bringing.cancel()
            await asyncio.gather(self._bringing, return_exceptions=True)
        self.webhook, self.updates.hooked = hook, hook is not None
        self._bringing = asyncio.create_task(hook.run()) if hook else None
        self.changes.bump()
