"""Chats and sessions as rows: read by one statement and written by one a turn, under the lock of
the chat's row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from crm.asked_once import noted, taken_over
from crm.at_once import Said, write
from crm.bridge.habits import HABITS
from crm.bridge.opening import LIVE, message, met, opened, session_of
from crm.bridge.records import alive
from crm.bridge.seen import write_seen
from crm.new_rows import new
from crm.own_lives import must_follow
from crm.people.models import Person
from crm.prepared import KEY, MOMENT, NUMBER, Change, Hole, Prepared
from crm.together import answered
from crm.work.models import ALIVE, Update
from crm.work.models import Chat as ChatRow
from crm.work.models import Session as SessionRow
from engine.model.conversation import Chat, Screen, Seen, Session
from engine.ports import Lying
from engine.run.stages import SINCE
from engine.run.stored import pack_chat, pack_session, unpack_chat, unpack_session

SESSIONS = Prepared(
    lambda chat: SessionRow.objects.filter(chat_id=chat, state__in=LIVE).order_by(
        "position", "started_at"
    ),
    NUMBER,
)
WAITS = Prepared(
    lambda: SessionRow.objects.filter(
        state__in=ALIVE, state="talking", body__look__has_key=SINCE
    ).values_list("chat_id")
)
LYING = Prepared(
    lambda since: SessionRow.objects.filter(state__in=ALIVE, updated_at__lte=since).values_list(
        "chat_id", "pk", "person_id", "flow", "digest", "updated_at"
    ),
    MOMENT,
)
IN_COLUMNS = ("flow", "digest", "state", "step", "answers", "waiting", "result")
COMPARED = (*IN_COLUMNS, "body", "position")


def _keep(*columns: str) -> Change:
    return Change(
        lambda: (
            ChatRow.objects.filter(pk=Hole(ChatRow, "chat_id")),
            {
                **{name: Hole(ChatRow, name) for name in ("state", "turn", "updated_at", *columns)},
                "person_id": Person.objects.filter(telegram_id=Hole(ChatRow, "chat_id"))
                .order_by()
                .values("pk")[:1],
                "version": F("version") + 1,
            },
        )
    )


ON_SCREEN = ("shown_turn", "message_id")
KEEP, KEEP_SEEN = _keep(), _keep(*ON_SCREEN)
KEPT = (*COMPARED, "chat_id", "ended_at", "updated_at")
KEEP_SESSION = Change(
    lambda: (
        SessionRow.objects.filter(pk=Hole(SessionRow, "id")),
        {
            **{name: Hole(SessionRow, name.removesuffix("_id"), name) for name in KEPT},
            "version": F("version") + 1,
        },
    )
)

SESSION = Prepared(lambda pk: SessionRow.objects.filter(pk=pk).order_by(), KEY)


class DjangoChats:
    """The Chats port. What `load` read of sessions is what `keep` compares with: the chat is locked
    in between."""

    def __init__(self) -> None:
        self._read: dict[int, dict[str, dict[str, Any]]] = {}  # by chat, then by session
        self._seen: dict[int, dict[str, Any]] = {}  # what is to be written with a chat

    def handled(self, update: int) -> bool:
        """Tell whether an update was handled."""
        return met(update)

    def waiting(self) -> tuple[Chat, ...]:
        """Return the chats with a form that stands at a wait."""
        waits = {chat for (chat,) in answered(WAITS)}
        rows = ChatRow.objects.filter(pk__in=waits).order_by("pk") if waits else ()
        return tuple(
            _chat(row.pk, vars(row), [session_of(one) for one in SESSIONS.rows(row.pk)])
            for row in rows
        )

    def load(self, chat: int, update: int = 0, seen: Seen | None = None) -> Chat:
        """Return the chat with its live sessions, its row locked until the transaction ends; an
        update that it is loaded for is asked about along with it, what was `seen` on its screen is
        written by `keep`."""
        found = opened(chat, update, seen, HABITS.of(chat))
        self._read[chat] = {str(one["id"]): one for one in found.sessions}
        self._seen[chat] = {name: found.chat[name] for name in ON_SCREEN} if seen else {}
        return _chat(chat, found.chat, found.sessions)

    def keep(
        self, chat: Chat, at: datetime, ended: tuple[Session, ...] = (), update: int = 0
    ) -> None:
        """Save the chat, its live sessions in the order of the stack, and those that ended now,
        and that an update was handled, with the messages of this transaction: one statement."""
        stacked = [(one, position, None) for position, one in enumerate(chat.sessions)]
        read = self._read.pop(chat.id, None)
        kept = [
            self._kept(read, chat.id, at, *one)
            for one in (*stacked, *((session, 0, at) for session in ended))
        ]
        handled = [new(Update(pk=update, chat_id=chat.id, at=at))] if update else []
        seen = self._seen.pop(chat.id, {})
        columns = {"state": pack_chat(chat), "turn": chat.turn, "updated_at": at, **seen}
        keep = KEEP_SEEN if seen else KEEP
        HABITS.learn(chat, noted())
        write(*handled, *taken_over(), *filter(None, kept), keep.said(chat_id=chat.id, **columns))

    def lying(self, since: datetime) -> tuple[Lying, ...]:
        """Return the live sessions without an answer since a moment."""
        return tuple(
            Lying(chat, str(session), str(person), flow, digest, at)
            for chat, session, person, flow, digest, at in answered(LYING, since)
        )

    def undelivered(self) -> tuple[int, ...]:
        """Return chats whose present prompt never reached the worker."""
        return tuple(ChatRow.objects.filter(turn__gt=F("shown_turn")).values_list("pk", flat=True))

    def shown(self, *seen: Seen) -> tuple[Seen, ...]:
        """Remember what is on screen of chats, each once; a later turn is never overwritten."""
        return write_seen(seen)

    def message(self, chat: int) -> int | None:
        """Return the message that shows the present prompt, if it did."""
        return message(chat)

    def _kept(
        self,
        read: Mapping[str, Mapping[str, Any]] | None,
        chat: int,
        at: datetime,
        session: Session,
        position: int,
        ended_at: datetime | None,
    ) -> Said | None:
        """Return how a session is saved; None when it is there as it is. Of a chat that was loaded
        all that live were read; its id says that no other is there."""
        packed = pack_session(session)
        values: dict[str, Any] = {
            **{name: packed.pop(name) for name in IN_COLUMNS},
            "position": position,
            "chat_id": chat,
            "ended_at": ended_at,
            "updated_at": at,
        }
        del packed["id"]
        values["body"] = packed
        there = read.get(str(session.id)) if read is not None else _stored(session.id)
        if there is None:
            person = int(session.actor.id)
            return new(SessionRow(pk=session.id, person_id=person, started_at=at, **values))
        if all(there[name] == values[name] for name in COMPARED):
            return None
        must_follow("session", session.id, there["state"], values["state"])
        return KEEP_SESSION.said(id=session.id, **values)


def _stored(session: UUID) -> Mapping[str, Any] | None:
    """Return the columns of a session of a chat that was not loaded."""
    return next(map(session_of, SESSION.rows(session)), None)


def _chat(chat: int, row: Mapping[str, Any], sessions: Iterable[Mapping[str, Any]]) -> Chat:
    """Return a chat of the columns of its row and of its live sessions."""
    if not row["state"]:
        return Chat(chat, row["token"], row["turn"], Screen())
    live = (
        unpack_session(
            {**one["body"], "id": str(one["id"]), **{name: one[name] for name in IN_COLUMNS}},
            alive,
        )
        for one in sessions
    )
    return unpack_chat(chat, row["state"], tuple(live))
