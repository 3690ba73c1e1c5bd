"""How a chat is opened: one statement locks it and reads it with its live sessions, who talks in
it, and whether an update of it was handled. Start at `opened`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Exists,
    F,
    FilteredRelation,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONArray

from crm.asked_once import note_from_here, remembered
from crm.bridge.persons import TOLD, person_told
from crm.edition import MARKS
from crm.joined import COMMA, Joined
from crm.people.models import Person, PersonRole
from crm.prepared import NUMBER, POSITIVE, Prepared
from crm.together import rows_along
from crm.work.models import Chat as ChatRow
from crm.work.models import Session as SessionRow
from crm.work.models import Update
from engine.model.conversation import Actor, Seen

LIVE = ("talking", "parked")
OF_CHAT = ("token", "turn", "state", "version", "shown_turn", "message_id")
OF_SESSION = ("id", "flow", "digest", "state", "step", "answers", "waiting", "result", "body")
IN_STACK = ("position", "started_at")
ACTOR, MET, MESSAGE = "actor", "met", "message"  # questions that are remembered


def _who(chat: Any) -> QuerySet[Any, Any]:
    """Ask for the active person of a chat as a list: his roles, then what is told of his row."""
    roles = (
        PersonRole.objects.filter(person=OuterRef("pk"))
        .order_by()
        .values("person")
        .annotate(all=Joined("role"))
        .values("all")
    )
    people = Person.objects.active().filter(telegram_id=chat).order_by()
    told = JSONArray(Subquery(roles), *(column.attname for column in TOLD))
    return people.annotate(told=told).values_list("told", flat=True)


def _chat(chat: int, update: int) -> QuerySet[Any, Any]:
    read = ChatRow.objects.filter(pk=OuterRef("pk")).values("version")
    live = FilteredRelation("sessions", condition=Q(sessions__state__in=LIVE))
    return (
        ChatRow.objects.select_for_update(of=("self",))
        .filter(pk=chat)
        .order_by()
        .annotate(live=live)
        .values_list(
            *OF_CHAT,
            Subquery(read),
            Exists(Update.objects.filter(pk=update)),
            Subquery(_who(OuterRef("pk")), output_field=JSONField()),
            *(F(f"live__{name}") for name in (*OF_SESSION, *IN_STACK)),
        )
    )


CHAT = Prepared(_chat, NUMBER, POSITIVE)
WHO = Prepared(_who, NUMBER)
PRESENT = Prepared(
    lambda chat: (
        ChatRow.objects.filter(pk=chat, shown_turn=F("turn")).order_by().values_list("message_id")
    ),
    NUMBER,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A chat as it is stored: the columns of its row and of its live sessions in the order of the
    stack, by name."""

    chat: dict[str, Any]
    sessions: tuple[dict[str, Any], ...]


def opened(
    chat: int, update: int, seen: Seen | None = None, ahead: Sequence[Prepared] = ()
) -> Opened:
    """Lock a chat until the transaction ends, and read it; a new one when it is unknown. Who talks
    in it, whether an update of it was handled, which message shows it and what is asked `ahead`
    need no statement then, nor do the catalogues and limits that are kept (`crm.edition`); what was
    `seen` on its screen counts as stored, unless that of a later turn is.

    Who waited for the lock has read the sessions as they were before the wait: the version that his
    statement saw is then not that of the row which it locked, and he reads again."""
    while True:
        rows = rows_along(CHAT, chat, update, ahead=(MARKS, *ahead))
        if not rows:
            ChatRow.objects.get_or_create(pk=chat, defaults={"token": secrets.token_urlsafe(9)})
            continue
        row, (version, met, who) = _named(OF_CHAT, rows[0]), rows[0][len(OF_CHAT) :][:3]
        if row["version"] == version:
            break
    note_from_here()
    if seen is not None and seen.turn >= row["shown_turn"]:
        row |= {"shown_turn": seen.turn, "message_id": seen.message}
    remembered((ACTOR, chat), lambda: _actor(who))
    if who is not None:
        person_told(who[1:])
    remembered((MET, update), lambda: bool(met))
    shown = row["message_id"] if row["shown_turn"] == row["turn"] else None
    remembered((MESSAGE, chat), lambda: shown)
    skipped = len(OF_CHAT) + 3
    sessions = [_named((*OF_SESSION, *IN_STACK), one[skipped:]) for one in rows]
    live = sorted(
        (one for one in sessions if one["id"] is not None),
        key=lambda one: (one["position"], one["started_at"]),
    )
    return Opened(row, tuple(live))


def actor(chat: int) -> Actor | None:
    """Return the active person of a chat with the roles held now."""
    return remembered((ACTOR, chat), lambda: _actor(next(iter(WHO.rows(chat)), None)))


def met(update: int) -> bool:
    """Tell whether an update was handled."""
    return remembered((MET, update), lambda: Update.objects.filter(pk=update).exists())


def message(chat: int) -> int | None:
    """Return the message that shows the present prompt of a chat, if one did."""
    return remembered((MESSAGE, chat), lambda: next((one for (one,) in PRESENT.rows(chat)), None))


def session_of(row: SessionRow) -> dict[str, Any]:
    """Return the columns of a session's row, by name."""
    return {name: getattr(row, name) for name in (*OF_SESSION, *IN_STACK)}


def _actor(who: Any) -> Actor | None:
    if who is None:
        return None
    roles, *values = who
    told = {column.attname: one for column, one in zip(TOLD, values, strict=True)}
    held = frozenset(roles.split(COMMA) if roles else ())
    return Actor(str(told["id"]), told["full_name"], held, told["language"])


def _named(names: tuple[str, ...], row: Any) -> dict[str, Any]:
    return dict(zip(names, row, strict=False))
