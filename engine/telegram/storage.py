"""aiogram's storage as a view of the sessions: what it reads is the chat's row, and it writes
nothing.

The row is saved by the turn itself, in one transaction with everything else; a second writer would
be a second truth."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from aiogram.dispatcher.middlewares.base import BaseMiddleware
from aiogram.fsm.middleware import FSMContextMiddleware
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey
from aiogram.types import TelegramObject

from engine.errors import EngineError
from engine.model.address import path_of
from engine.model.conversation import Session
from engine.ports import Ports
from engine.telegram.states import state_name

T = TypeVar("T")

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Caller(Protocol):
    """Runs a synchronous function where the database may be used, and waits for its result."""

    async def __call__(self, work: Callable[[], T], /) -> T:
        """Run it."""
        ...


class SessionView(BaseStorage):
    """Reads the state «flow:step» and the answers of the session on top of a chat."""

    def __init__(self, ports: Ports, call: Caller) -> None:
        self._ports, self._call = ports, call

    async def get_state(self, key: StorageKey) -> str | None:
        """Return «flow:step» of the session that is talking, None when there is none."""
        top = await self._top(key)
        return state_name(top.flow, path_of(top.step)) if top else None

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Return the answers of the session that is talking, by the names of their fields."""
        top = await self._top(key)
        return {name: answer.value for name, answer in top.answers.items()} if top else {}

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Refuse: only a turn moves a session."""
        raise EngineError("a session is moved by its turn, not through aiogram's storage")

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Refuse: only a turn keeps answers."""
        raise EngineError("answers are kept by the turn, not through aiogram's storage")

    async def close(self) -> None:
        """Nothing is held open here."""

    async def _top(self, key: StorageKey) -> Session | None:
        def read() -> Session | None:
            with self._ports.transaction():
                return self._ports.chats.load(key.chat_id).top

        return await self._call(read)


class LazyState(BaseMiddleware):
    """Gives handlers the FSM context without reading it: aiogram's own middleware would ask the
    database at every update for a state that the turn reads anyway, inside its transaction."""

    def __init__(self, contexts: FSMContextMiddleware) -> None:
        self._contexts = contexts

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Add `state` to what handlers may ask for."""
        data["state"] = self._contexts.resolve_event_context(data["bot"], data)
        return await handler(event, data)
