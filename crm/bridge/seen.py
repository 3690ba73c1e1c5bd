"""Writing which messages show the screens of chats, of many by one statement. See `write_seen`.

A chat that somebody holds is left out: to wait for it would keep all others waiting, which are
locked by then."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from crm.prepared import Change, Hole
from crm.work.models import Chat
from engine.model.conversation import Seen

SHOWN = Change(
    lambda: (
        Chat.objects.filter(pk=Hole(Chat, "chat_id"), shown_turn__lte=Hole(Chat, "shown_turn")),
        {name: Hole(Chat, name) for name in ("shown_turn", "message_id")},
    )
)
MANY = """
    WITH seen(chat, turn, message) AS (VALUES {values}), free AS (
        SELECT chat_id FROM work_chat WHERE chat_id IN (SELECT chat FROM seen)
        FOR UPDATE SKIP LOCKED
    ), written AS (
        UPDATE work_chat SET shown_turn = seen.turn, message_id = seen.message FROM seen
        WHERE chat_id = seen.chat AND shown_turn <= seen.turn
        AND chat_id IN (SELECT chat_id FROM free)
    )
    SELECT chat_id FROM free
"""
VALUE = "(%s::bigint, %s::integer, %s::bigint)"


def write_seen(seen: Sequence[Seen]) -> tuple[Seen, ...]:
    """Write what is on screen of chats, each once, unless a later turn is; return what was left
    out."""
    if len(seen) == 1 or connection.vendor != "postgresql":
        for one in seen:
            SHOWN(chat_id=one.chat, shown_turn=one.turn, message_id=one.message)
        return ()
    values = ", ".join([VALUE] * len(seen))
    with connection.cursor() as cursor:
        bound = [value for one in seen for value in (one.chat, one.turn, one.message)]
        cursor.execute(MANY.format(values=values), bound)
        free = {chat for (chat,) in cursor.fetchall()}
    return tuple(one for one in seen if one.chat not in free)
