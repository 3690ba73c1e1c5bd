"""Put a message into the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Count, F, QuerySet
from django.utils import timezone

from crm.asked_once import write_last
from crm.fresh import fresh
from crm.new_rows import insert_all
from crm.outbox.bell import ring
from crm.outbox.models import Notice
from crm.own_lives import must_follow
from crm.own_words import NO_CHAT
from crm.prepared import NUMBER, TEXT, Change, Hole, Prepared
from crm.spans import from_json, to_json
from crm.whole import whole
from engine.languages.packed import pack
from engine.model.quiet import end_of_quiet
from engine.model.text import Text, lines


class Addressed(Protocol):
    """What must be known of a person to whom a message goes: his row, or that of it."""

    @property
    def pk(self) -> int:
        """His key."""
        ...

    @property
    def telegram_id(self) -> int | None:
        """His chat."""
        ...

    @property
    def quiet_from(self) -> time | None:
        """When his quiet hours begin."""
        ...

    @property
    def quiet_to(self) -> time | None:
        """When they end."""
        ...


def _edited(event: str) -> QuerySet[Notice]:
    rows = Notice.objects.filter(event=event, kind=Notice.Kind.MESSAGE)
    return rows.annotate(count=Count("edits")).order_by("pk")


TO_ALL = Prepared(_edited, TEXT)
TO_OTHERS = Prepared(lambda event, but: _edited(event).exclude(person_id=but), TEXT, NUMBER)


@whole
def put(
    *,
    event: str,
    people: Iterable[Addressed],
    text: Text,
    at: datetime,
    kind: Notice.Kind = Notice.Kind.MESSAGE,
    role: str = "",
    buttons: Sequence[Sequence[str]] = (),
    pictures: Sequence[str] = (),
    payload: Mapping[str, Any] | None = None,
    deviation_id: UUID | None = None,
    can_wait: bool = False,
) -> None:
    """Write one row a person; the same event and person is one row, however often it is put. What
    can wait is due when his quiet hours end.

    Somebody without a chat gets an undeliverable row at once, so that the office sees it."""
    # What all rows have alike is one thing, so that it is written as JSON once.
    told, shown, given = to_json(text), list(pictures), dict(payload or {})
    offered = [[pack(part) for part in button] for button in buttons]
    write_last(
        [
            fresh(
                Notice,
                kind=kind,
                event=event,
                person_id=person.pk,
                role=role,
                chat_id=person.telegram_id,
                text=told,
                buttons=offered,
                pictures=shown,
                payload=given,
                position=position,
                state=Notice.State.PENDING if person.telegram_id else Notice.State.UNDELIVERABLE,
                last_error="" if person.telegram_id else NO_CHAT,
                created_at=at,
                retry_from=due,
                next_try_at=due,
                deviation_id=deviation_id,
            )
            for position, person in enumerate(people)
            for due in (_awake(person, at) if can_wait else at,)
        ]
    )
    ring()


def _awake(person: Addressed, at: datetime) -> datetime:
    return end_of_quiet(timezone.localtime(at), person.quiet_from, person.quiet_to)


@whole
def put_into_chat(
    *,
    event: str,
    chat: int,
    kind: Notice.Kind,
    payload: Mapping[str, Any],
    at: datetime,
    deviation_id: UUID | None = None,
) -> None:
    """Write the row that brings a decision or a signal into a chat at a moment; once an event."""
    write_last(
        [
            fresh(
                Notice,
                kind=kind,
                event=event,
                chat_id=chat,
                payload=dict(payload),
                created_at=at,
                retry_from=at,
                next_try_at=at,
                deviation_id=deviation_id,
            )
        ]
    )
    ring()


@whole
def put_edit(
    *, event: str, note: Text, live: bool, but: str, at: datetime, over: bool = False
) -> None:
    """Write, for each message of an event, the row that changes it: `note` under its text, its
    buttons only when `live`. The message of the person `but` stays. When it is `over`, a message
    that nobody has begun to send and nothing has changed is superseded instead."""
    edited = TO_OTHERS.rows(event, int(but)) if but else TO_ALL.rows(event)
    if over and (dropped := _supersede(edited)):
        edited = [row for row in edited if row.pk not in dropped]
    insert_all(
        [
            fresh(
                Notice,
                kind=Notice.Kind.EDIT,
                event=f"{event}:{row.count}",
                about=row,
                person_id=row.person_id,
                role=row.role,
                chat_id=row.chat_id,
                text=to_json(lines(from_json(row.text), note)),
                buttons=row.buttons if live else [],
                position=position,
                state=row.state
                if row.state == Notice.State.UNDELIVERABLE
                else Notice.State.PENDING,
                last_error=row.last_error if row.state == Notice.State.UNDELIVERABLE else "",
                created_at=at,
                retry_from=at,
                next_try_at=at,
            )
            for position, row in enumerate(edited)
        ]
    )
    ring()


def _supersede(rows: Iterable[Any]) -> set[UUID]:
    """Drop those of some messages that were never claimed; return their ids. A sender that claims
    one at this moment has it: its row is locked, and its next try is later then."""
    fresh = [row.pk for row in rows if row.next_try_at == row.retry_from and not row.count]
    if not fresh:
        return set()
    letters = {f"id_{at}": key for at, key in enumerate(fresh)}
    return {key for (key,) in _superseded(len(fresh)).rows(**letters)}


@cache
def _superseded(count: int) -> Change:
    letters: list[Any] = [Hole(Notice, "id", f"id_{at}") for at in range(count)]
    must_follow(Notice.RECORD, "", Notice.State.PENDING, Notice.State.SUPERSEDED)
    rows = Notice.objects.filter(
        pk__in=letters, state=Notice.State.PENDING, next_try_at=F("retry_from")
    )
    return Change(lambda: (rows, {"state": Notice.State.SUPERSEDED}), "id")
