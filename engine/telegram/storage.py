"""aiogram's storage as a view of the sessions: what it reads is the chat's row, and it writes
nothing.

The row is saved by the turn itself, in one transaction with everything else; a second writer would
be a second truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from engine.errors import EngineError
from engine.model.address import path_of
from engine.model.conversation import Session
from engine.ports import Ports
from engine.telegram.states import state_name

T = TypeVar("T")


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
        return await self.state_of(key.chat_id)

    async def state_of(self, chat: int) -> str | None:
        """Return the state of a chat."""
        top = await self._top(chat)
        return state_name(top.flow, path_of(top.step)) if top else None

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Return the answers of the session that is talking, by the names of their fields."""
        top = await self._top(key.chat_id)
        return {name: answer.value for name, answer in top.answers.items()} if top else {}

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Refuse: only a turn moves a session."""
        raise EngineError("a session is moved by its turn, not through aiogram's storage")

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Refuse: only a turn keeps answers."""
        raise EngineError("answers are kept by the turn, not through aiogram's storage")

    async def close(self) -> None:
        """Nothing is held open here."""

    async def _top(self, chat: int) -> Session | None:
        def read() -> Session | None:
            with self._ports.transaction():
                return self._ports.chats.load(chat).top

        return await self._call(read)
