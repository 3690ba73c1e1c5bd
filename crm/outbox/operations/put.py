"""Put a message into the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from crm.outbox.models import Notice
from crm.people.models import Person
from crm.spans import to_json
from engine.languages.packed import pack
from engine.model.text import Text

NO_CHAT = "У человека нет чата"


@transaction.atomic
def put(
    *,
    event: str,
    people: Iterable[Person],
    text: Text,
    at: datetime,
    kind: Notice.Kind = Notice.Kind.MESSAGE,
    role: str = "",
    buttons: Sequence[Sequence[str]] = (),
    pictures: Sequence[str] = (),
    payload: Mapping[str, Any] | None = None,
    deviation_id: UUID | None = None,
) -> None:
    """Write one row a person; the same event and person is one row, however often it is put.

    Somebody without a chat gets an undeliverable row at once, so that the office sees it."""
    Notice.objects.bulk_create(
        [
            Notice(
                kind=kind,
                event=event,
                person=person,
                role=role,
                chat_id=person.telegram_id,
                text=to_json(text),
                buttons=[[pack(part) for part in button] for button in buttons],
                pictures=list(pictures),
                payload=dict(payload or {}),
                position=position,
                state=Notice.State.PENDING if person.telegram_id else Notice.State.UNDELIVERABLE,
                last_error="" if person.telegram_id else NO_CHAT,
                created_at=at,
                retry_from=at,
                next_try_at=at,
                deviation_id=deviation_id,
            )
            for position, person in enumerate(people)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
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
    Notice.objects.bulk_create(
        [
            Notice(
                kind=kind,
                event=event,
                chat_id=chat,
                payload=dict(payload),
                created_at=at,
                retry_from=at,
                next_try_at=at,
                deviation_id=deviation_id,
            )
        ],
        ignore_conflicts=True,
    )
