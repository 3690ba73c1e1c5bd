"""The rehearsal plant's chats: where each conversation stands, kept as JSON texts alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from uuid import NAMESPACE_OID, uuid5

from engine.model.conversation import Chat, Seen, Session
from engine.ports import Lying
from engine.run.stages import SINCE
from engine.run.stored import pack_chat, pack_session, unpack_chat, unpack_session
from engine.talk.memory import KeptChat, Memory


@lru_cache(maxsize=64)  # a turn looks at it six times; nothing changes a session
def _session(text: str) -> Session:
    return unpack_session(json.loads(text))


class MemoryChats:
    """Chats, kept as JSON texts only: each turn continues from what was really stored."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def handled(self, update: int) -> bool:
        """Tell whether an update was handled."""
        return update in self._memory.updates

    def load(self, chat: int, update: int = 0, seen: Seen | None = None) -> Chat:
        """Return the chat as its JSON says; a new one when unknown."""
        if seen is not None:
            self.shown(seen)
        kept = self._memory.chats.get(chat)
        if kept is None:
            return Chat(chat, uuid5(NAMESPACE_OID, f"rehearsal chat {chat}").hex[:8])
        live = tuple(_session(self._memory.sessions[name]) for name in kept.live)
        return unpack_chat(chat, json.loads(kept.body), live)

    def keep(
        self, chat: Chat, at: datetime, ended: tuple[Session, ...] = (), update: int = 0
    ) -> None:
        """Save the chat with its live sessions, the sessions that ended in this turn, and that an
        update was handled."""
        if update:
            self._memory.updates[update] = chat.id
        for session in (*chat.sessions, *ended):
            packed = json.dumps(pack_session(session))
            if self._memory.sessions.get(str(session.id)) != packed:
                self._memory.answered[str(session.id)] = at
            self._memory.sessions[str(session.id)] = packed
        before = self._memory.chats.get(chat.id, KeptChat(""))
        self._memory.chats[chat.id] = replace(
            before,
            body=json.dumps(pack_chat(chat)),
            live=tuple(str(session.id) for session in chat.sessions),
        )

    def lying(self, since: datetime) -> tuple[Lying, ...]:
        """Return the live sessions without an answer since a moment."""
        live = [(chat, name) for chat, kept in self._memory.chats.items() for name in kept.live]
        return tuple(
            Lying(chat, name, data["actor"][0], data["flow"], data["digest"], at)
            for chat, name in live
            if (at := self._memory.answered[name]) <= since
            and (data := json.loads(self._memory.sessions[name]))
        )

    def waiting(self) -> tuple[Chat, ...]:
        """Return the chats with a form that stands at a wait."""
        return tuple(
            self.load(chat)
            for chat, kept in self._memory.chats.items()
            if any(SINCE in json.loads(self._memory.sessions[one])["look"] for one in kept.live)
        )

    def undelivered(self) -> tuple[int, ...]:
        """Return chats whose present prompt never reached the worker."""
        return tuple(
            chat
            for chat, kept in self._memory.chats.items()
            if json.loads(kept.body)["turn"] != kept.shown_turn
        )

    def shown(self, *seen: Seen) -> tuple[Seen, ...]:
        """Remember what is on screen of chats; a later turn is never overwritten."""
        for one in seen:
            kept = self._memory.chats[one.chat]
            if one.turn >= kept.shown_turn:
                now = replace(kept, shown_turn=one.turn, message=one.message)
                self._memory.chats[one.chat] = now
        return ()

    def message(self, chat: int) -> int | None:
        """Return the message that shows the present prompt, if it did."""
        kept = self._memory.chats.get(chat)
        if kept is None or json.loads(kept.body)["turn"] != kept.shown_turn:
            return None
        return kept.message
