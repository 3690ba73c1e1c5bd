"""Chats and sessions as rows: read once and written once a turn, under the lock of the chat's
row."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from crm.bridge.records import alive
from crm.new_rows import insert
from crm.people.models import Person
from crm.prepared import KEY, NUMBER, Change, Hole, Prepared
from crm.work.models import ALIVE
from crm.work.models import Chat as ChatRow
from crm.work.models import Session as SessionRow
from engine.model.conversation import Chat, Screen, Session
from engine.ports import Lying
from engine.run.stages import SINCE
from engine.run.stored import pack_chat, pack_session, unpack_chat, unpack_session

LIVE = ("talking", "parked")
CHAT = Prepared(lambda pk: ChatRow.objects.select_for_update().filter(pk=pk).order_by(), NUMBER)
SESSIONS = Prepared(
    lambda chat: SessionRow.objects.filter(chat_id=chat, state__in=LIVE).order_by(
        "position", "started_at"
    ),
    NUMBER,
)
WAITS = Prepared(
    lambda: SessionRow.objects.filter(
        ALIVE, state="talking", body__look__has_key=SINCE
    ).values_list("chat_id")
)
IN_COLUMNS = ("id", "flow", "digest", "state", "step", "answers", "waiting", "result")
FIRST = (
    "INSERT INTO work_update (update_id, chat_id, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
)
SHOWN = Change(
    lambda: (
        ChatRow.objects.filter(
            pk=Hole(ChatRow, "chat_id"), shown_turn__lte=Hole(ChatRow, "shown_turn")
        ),
        {name: Hole(ChatRow, name) for name in ("shown_turn", "message_id")},
    )
)
KEEP = Change(
    lambda: (
        ChatRow.objects.filter(pk=Hole(ChatRow, "chat_id")),
        {
            **{name: Hole(ChatRow, name) for name in ("state", "turn", "updated_at")},
            "person_id": Person.objects.filter(telegram_id=Hole(ChatRow, "chat_id"))
            .order_by()
            .values("pk")[:1],
            "version": F("version") + 1,
        },
    )
)
KEPT = (*IN_COLUMNS[1:], "body", "position", "chat_id", "ended_at", "updated_at")
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

    def first(self, update: int, chat: int) -> bool:
        """Mark an update as handled; False when it already was."""
        at = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(FIRST, [update, chat, at])
            return bool(cursor.rowcount)

    def waiting(self) -> tuple[Chat, ...]:
        """Return the chats with a form that stands at a wait."""
        waits = {chat for (chat,) in WAITS.rows()}
        rows = ChatRow.objects.filter(pk__in=waits).order_by("pk") if waits else ()
        return tuple(self._chat(row) for row in rows)

    def load(self, chat: int) -> Chat:
        """Return the chat with its live sessions, its row locked until the transaction ends."""
        rows = CHAT.rows(chat)
        if not rows:
            ChatRow.objects.get_or_create(pk=chat, defaults={"token": secrets.token_urlsafe(9)})
            rows = CHAT.rows(chat)
        return self._chat(rows[0])

    def keep(self, chat: Chat, at: datetime, ended: tuple[Session, ...] = ()) -> None:
        """Save the chat, its live sessions in the order of the stack, and those that ended now."""
        KEEP(chat_id=chat.id, state=pack_chat(chat), turn=chat.turn, updated_at=at)
        for position, session in enumerate(chat.sessions):
            self._keep(session, chat.id, position, at, None)
        for session in ended:
            self._keep(session, chat.id, 0, at, at)
        self._read.pop(chat.id, None)

    def lying(self, since: datetime) -> tuple[Lying, ...]:
        """Return the live sessions without an answer since a moment."""
        rows = SessionRow.objects.filter(ALIVE, updated_at__lte=since)
        columns = ("chat_id", "pk", "person_id", "flow", "digest", "updated_at")
        return tuple(
            Lying(chat, str(session), str(person), flow, digest, at)
            for chat, session, person, flow, digest, at in rows.values_list(*columns)
        )

    def undelivered(self) -> tuple[int, ...]:
        """Return chats whose present prompt never reached the worker."""
        return tuple(ChatRow.objects.filter(turn__gt=F("shown_turn")).values_list("pk", flat=True))

    def shown(self, chat: int, turn: int, message: int) -> None:
        """Remember that the prompt of a turn is on screen; a later turn is never overwritten."""
        SHOWN(chat_id=chat, shown_turn=turn, message_id=message)

    def message(self, chat: int) -> int | None:
        """Return the message that shows the present prompt, if it did."""
        return (
            ChatRow.objects.filter(pk=chat, shown_turn=F("turn"))
            .values_list("message_id", flat=True)
            .first()
        )

    def _chat(self, row: ChatRow) -> Chat:
        """Return a chat with its live sessions."""
        self._read[row.pk] = {}
        if not row.state:
            return Chat(row.pk, row.token, row.turn, Screen())
        sessions = []
        for session in SESSIONS.rows(row.pk):
            names = (*IN_COLUMNS[1:], "body", "position")
            self._read[row.pk][str(session.pk)] = {name: getattr(session, name) for name in names}
            sessions.append(unpack_session(_whole(session), alive))
        return unpack_chat(row.pk, row.state, tuple(sessions))

    def _keep(
        self,
        session: Session,
        chat: int,
        position: int,
        at: datetime,
        ended_at: datetime | None,
    ) -> None:
        packed = pack_session(session)
        columns = {name: packed[name] for name in IN_COLUMNS if name != "id"}
        body = {name: value for name, value in packed.items() if name not in IN_COLUMNS}
        values: dict[str, Any] = {
            **columns,
            "body": body,
            "position": position,
            "chat_id": chat,
            "ended_at": ended_at,
        }
        there = self._read.get(chat, {}).get(str(session.id))
        if there is None:
            names = (*IN_COLUMNS[1:], "body", "position")
            rows = SESSION.rows(session.id)
            there = {name: getattr(row, name) for row in rows for name in names} or None
        if there is None:
            insert(
                SessionRow(
                    pk=session.id,
                    person_id=int(session.actor.id),
                    started_at=at,
                    updated_at=at,
                    **values,
                )
            )
        elif any(there[name] != values[name] for name in there):
            KEEP_SESSION(id=session.id, **values, updated_at=at)


def _whole(row: SessionRow) -> dict[str, Any]:
    return {
        **row.body,
        "id": str(row.pk),
        "flow": row.flow,
        "digest": row.digest,
        "state": row.state,
        "step": row.step,
        "answers": row.answers,
        "waiting": row.waiting,
        "result": row.result,
    }
