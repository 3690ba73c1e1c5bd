"""What becomes of a row: claimed, sent, to be tried again, given up, tried anew by the office."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from crm.ledger.operations.move_rows import move_rows
from crm.outbox.bell import ring
from crm.outbox.models import Notice
from crm.outbox.operations.put import put
from crm.own_lives import states_before
from crm.people.models import Person
from crm.people.roles import OfficeRole
from crm.prepared import MOMENT, Change, Hole, Prepared
from crm.whole import whole
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.text import Text

DELAYS_S = (5, 15, 60, 5 * 60, 15 * 60, 60 * 60)  # then hourly
GIVE_UP = timedelta(hours=24)
CLAIM = timedelta(minutes=1)  # a sender that died leaves its rows due again after it
WAITING = states_before(Notice.RECORD, Notice.State.SENT)
SENT = Change(
    lambda: (
        Notice.objects.filter(pk=Hole(Notice, "id"), state__in=WAITING),
        {
            "state": Notice.State.SENT,
            "sent_at": Hole(Notice, "sent_at"),
            "message_id": Hole(Notice, "message_id"),
            "attempts": F("attempts") + 1,
            "last_error": "",
        },
    )
)
MOST_TOLD = 900  # characters of a message that is told of
ABOUT_DELIVERY = "undelivered:"


@whole
def claim(now: datetime, count: int, *, moving: bool = False) -> list[Notice]:
    """Claim up to `count` due rows in order of writing, `moving`: of those that bring a form on;
    two senders never claim the same row."""
    skip = connection.features.has_select_for_update_skip_locked
    rows: list[Notice] = _due(count, skip=skip, moving=moving).rows(now)
    if rows:
        letters = {f"id_{at}": row.pk for at, row in enumerate(rows)}
        _claimed(len(rows))(next_try_at=now + CLAIM, **letters)
    return rows


@whole
def mark_sent(notice_id: UUID, *, message_id: int | None, now: datetime) -> None:
    """Mark a row as delivered; `message_id` is the message it became."""
    SENT(id=notice_id, sent_at=now, message_id=message_id)


@cache
def _claimed(count: int) -> Change:
    letters: list[Any] = [Hole(Notice, "id", f"id_{at}") for at in range(count)]
    return Change(
        lambda: (
            Notice.objects.filter(pk__in=letters),
            {"next_try_at": Hole(Notice, "next_try_at")},
        )
    )


@cache
def _due(count: int, *, skip: bool, moving: bool) -> Prepared:
    def due(now: datetime) -> QuerySet[Notice]:
        rows = Notice.objects.due(now).moving() if moving else Notice.objects.due(now)
        locked = rows.select_for_update(skip_locked=skip, of=("self",))
        return locked.select_related("person", "about")[:count]

    return Prepared(due, MOMENT)


def next_delay(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts.

    >>> [next_delay(n).total_seconds() for n in (1, 2, 6, 7, 20)]
    [5.0, 15.0, 3600.0, 3600.0, 3600.0]
    """
    return timedelta(seconds=DELAYS_S[min(attempts, len(DELAYS_S)) - 1])


@transaction.atomic
def mark_failed(
    notice_id: UUID, *, error: str, now: datetime, after_s: float | None, permanent: bool
) -> None:
    """Plan the next try: after `after_s` when Telegram named a time (that is no attempt), else by
    the schedule.

    Given up when `permanent` or 24 hours after it was written: then the others of the role and the
    shift leads are told."""
    row = Notice.objects.select_for_update().filter(pk=notice_id, state__in=WAITING).first()
    if row is None:
        return
    named = after_s is not None and not permanent
    attempts = row.attempts if named else row.attempts + 1
    due = now + (timedelta(seconds=after_s or 0) if named else next_delay(attempts))
    lost = permanent or due > row.retry_from + GIVE_UP
    move_rows(
        Notice.objects.filter(pk=row.pk),
        Notice.State.UNDELIVERABLE if lost else Notice.State.RETRYING,
        last_error=error[:500],
        next_try_at=due,
        attempts=attempts,
    )
    if lost:
        _tell_others(row, now)


def _tell_others(row: Notice, now: datetime) -> None:
    """Tell the other holders of the role, shift leads and administrators (domain 9.1.2, 9.2); never
    about such a message itself."""
    if row.event.startswith(ABOUT_DELIVERY) or row.person is None:
        return
    roles = [OfficeRole.SHIFT_LEAD.value, OfficeRole.ADMINISTRATOR.value]
    roles += [row.role] if row.role else []
    put(
        event=f"{ABOUT_DELIVERY}{row.pk}",
        people=Person.objects.holding(*roles).exclude(pk=row.person.pk),
        text=Text.of(
            Message(
                "Не доставлено: {who}. {text}",
                {"who": row.person.full_name, "text": row.plain_text[:MOST_TOLD]},
            )
        ),
        at=now,
        role=OfficeRole.SHIFT_LEAD.value,
    )


def supersede(event: str) -> None:
    """Take back the messages of an event that are not delivered yet."""
    move_rows(Notice.objects.filter(event=event), Notice.State.SUPERSEDED)


@transaction.atomic
def retry(by: Person | None, *, notice: Notice, at: datetime) -> None:
    """Try a dead letter again from the beginning, in the chat that the person has now. Raises
    Refused."""
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    if row.state != Notice.State.UNDELIVERABLE:
        raise Refused(Refusal("Повторить можно только недоставленное"))
    chat = row.person.telegram_id if row.person else row.chat_id
    if chat is None:
        raise Refused(Refusal("У человека нет чата: сначала пусть подключится"))
    move_rows(
        Notice.objects.filter(pk=row.pk),
        Notice.State.PENDING,
        attempts=0,
        chat_id=chat,
        retry_from=at,
        next_try_at=at,
    )
    ring()
