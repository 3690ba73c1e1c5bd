"""Messages that wait: the Outbox port over rows and operations."""

from __future__ import annotations

import base64
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from crm.bridge.persons import holding, person_row
from crm.bridge.records import alive
from crm.outbox.models import Notice as Row
from crm.outbox.operations.put import Addressed, put, put_edit, put_into_chat
from crm.outbox.operations.send import claim, mark_failed, mark_sent, supersede
from crm.people.models import Person
from crm.prepared import KEY, NUMBER, Prepared
from crm.spans import from_json
from engine.languages.catalogue import SOURCE
from engine.languages.message import Message
from engine.languages.packed import unpack
from engine.model.conversation import Button, Signal, Verdict
from engine.model.effects import Notice, Paper, ReportWanted
from engine.model.letters import Letter
from engine.model.text import Text
from engine.run.stored import (
    pack_paper,
    pack_report,
    pack_verdict,
    unpack_paper,
    unpack_report,
    unpack_verdict,
)

IN_CHAT = Prepared(
    lambda letter, chat: Row.objects.filter(pk=letter, chat_id=chat).order_by(), KEY, NUMBER
)
NEXT = Prepared(lambda: Row.objects.waiting().values_list("next_try_at", flat=True)[:1])


class DjangoOutbox:
    """The Outbox port.

    A letter's id is its row's UUID in 22 characters, short enough for callback data."""

    def notify(self, notice: Notice) -> int:
        """Write one row a person; the same key and person twice is one row."""
        return put_notice(notice, timezone.now())

    def change(
        self, key: str, note: Text, *, live: bool, but: str = "", over: bool = False
    ) -> None:
        """Change the messages of the notices with a key, or drop them."""
        put_edit(event=key, note=note, live=live, but=but, at=timezone.now(), over=over)

    def drop(self, key: str) -> None:
        """Take back the notices with a key that are not delivered yet."""
        supersede(key)

    def paper(self, paper: Paper) -> None:
        """Write a row for a document to render and send."""
        put(
            event=paper.key,
            people=[person_row(paper.person)],
            text=Text.of(Message("Документ")),
            at=timezone.now(),
            kind=Row.Kind.PAPER,
            payload={"paper": pack_paper(paper)},
        )

    def verdict(self, chat: int, verdict: Verdict) -> None:
        """Write a row that brings a decision into the chat that waits for it."""
        put_into_chat(
            event=f"verdict:{verdict.deviation}",
            chat=chat,
            kind=Row.Kind.VERDICT,
            payload={"verdict": pack_verdict(verdict)},
            at=timezone.now(),
            deviation_id=UUID(verdict.deviation),
        )

    def report(self, report: ReportWanted) -> None:
        """Write a row for a report to make and send."""
        put(
            event=report.key,
            people=[person_row(report.person)],
            text=Text.of(Message("Отчёт")),
            at=timezone.now(),
            kind=Row.Kind.REPORT,
            payload={"report": pack_report(report)},
        )

    def signal(self, chat: int, key: str, signal: Signal, at: datetime) -> None:
        """Write a row that brings a signal into a chat at a moment; the same key is one row."""
        put_into_chat(
            event=f"signal:{key}",
            chat=chat,
            kind=Row.Kind.SIGNAL,
            payload={"signal": [signal.kind, signal.subject]},
            at=at,
        )

    def claim(self, now: datetime, count: int, *, moving: bool = False) -> tuple[Letter, ...]:
        """Claim up to `count` due rows in order of writing; `moving`: that bring a form on."""
        return tuple(_letter(row) for row in claim(now, count, moving=moving))

    def sent(self, letter: str, message: int | None, now: datetime) -> None:
        """Mark a row as delivered."""
        mark_sent(identity(letter), message_id=message, now=now)

    def failed(
        self, letter: str, error: str, now: datetime, *, after_s: float | None, permanent: bool
    ) -> None:
        """Plan the next try or give the row up."""
        mark_failed(identity(letter), error=error, now=now, after_s=after_s, permanent=permanent)

    def press(self, letter: str, chat: int, index: int) -> Button | None:
        """Return the button of a delivered row, only in the chat it was delivered to."""
        try:
            row = next(iter(IN_CHAT.rows(identity(letter), chat)), None)
        except ValueError:
            return None
        return _button(row.buttons[index]) if row and index < len(row.buttons) else None

    def next_due(self) -> datetime | None:
        """Return when the next row is due."""
        return next(iter(NEXT.rows()), None)


def put_notice(notice: Notice, at: datetime) -> int:
    """Write the rows of a notice, one for each holder of its roles and each person named; return
    how many they are."""
    people: Collection[Addressed] = holding(notice.roles)
    if notice.people:
        holders = Person.objects.holding(*notice.roles) if notice.roles else Person.objects.none()
        named = Person.objects.filter(pk__in=[int(one) for one in notice.people])
        either = Q(pk__in=holders.values("pk")) | Q(pk__in=named.values("pk"))
        people = list(Person.objects.filter(either).order_by("pk"))
    put(
        event=notice.key,
        people=people,
        text=notice.text,
        at=at,
        role=notice.roles[0] if notice.roles else "",
        buttons=notice.buttons,
        pictures=notice.pictures,
        deviation_id=UUID(notice.deviation) if notice.deviation else None,
        can_wait=notice.can_wait,
    )
    return len(people)


def short(key: UUID) -> str:
    """Write a UUID in 22 characters.

    >>> identity(short(UUID("12345678-1234-5678-1234-567812345678")))
    UUID('12345678-1234-5678-1234-567812345678')
    """
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def identity(letter: str) -> UUID:
    """Read a UUID written by `short`. Raises ValueError."""
    return UUID(bytes=base64.urlsafe_b64decode(letter + "=="))


def _letter(row: Row) -> Letter:
    payload = row.payload
    return Letter(
        short(row.pk),
        str(row.kind),
        row.chat_id or 0,
        from_json(row.text),
        tuple(_button(parts) for parts in row.buttons),
        tuple(row.pictures),
        unpack_paper(payload["paper"]) if "paper" in payload else None,
        unpack_verdict(payload["verdict"]) if "verdict" in payload else None,
        row.attempts,
        Signal(*payload["signal"]) if "signal" in payload else None,
        unpack_report(payload["report"], alive) if "report" in payload else None,
        row.person.language if row.person else SOURCE,
        short(row.about.pk) if row.about else "",
        row.about.message_id if row.about else None,
    )


def _button(parts: list[Any]) -> Button:
    return Button(*(unpack(part) for part in parts))
