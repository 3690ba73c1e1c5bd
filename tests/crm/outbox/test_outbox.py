"""The outbox: one row a person, tried by the schedule, never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.asked_once import remembering
from crm.outbox.models import Notice
from crm.outbox.operations.put import put, put_into_chat
from crm.outbox.operations.send import claim, mark_failed, mark_sent
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from engine.model.text import Text, bold
from tests.crm.conftest import Ask

pytestmark = pytest.mark.django_db


def write(at: datetime, *people: Person, event: str = "news") -> Notice:
    put(
        event=event,
        people=people,
        text=Text.of("Новая партия ") + bold("2211/3"),
        at=at,
        role="lab",
    )
    return Notice.objects.get(event=event, person=people[0])


def test_an_event_and_a_person_make_one_row(
    receiver: Person, technologist: Person, at: datetime
) -> None:
    for _ in range(3):
        write(at, receiver, technologist)
    assert Notice.objects.count() == 2
    assert Notice.objects.first().plain_text == "Новая партия 2211/3"  # type: ignore[union-attr]


def told(at: datetime, person: Person, *events: str) -> None:
    for event in events:
        put(event=event, people=[person], text=Text.of(event), at=at)


def test_messages_of_a_transaction_are_written_by_one_statement(
    receiver: Person, at: datetime
) -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        with remembering():
            told(at, receiver, "one", "two", "one")
            put_into_chat(event="free", chat=101, kind=Notice.Kind.SIGNAL, payload={}, at=at)
        sent = [one["sql"] for one in asked]
    assert sum(one.startswith("INSERT") for one in sent) == 1, sent
    rows = Notice.objects.order_by("pk").values_list("event", flat=True)
    assert [*rows] == ["one", "two", "free"]


def test_a_message_is_there_for_who_asks_and_not_of_a_part_that_was_taken_back(
    receiver: Person, at: datetime
) -> None:
    with transaction.atomic(), remembering():
        told(at, receiver, "before")
        with suppress(ZeroDivisionError), transaction.atomic():
            told(at, receiver, "of a part")
            raise ZeroDivisionError
        with transaction.atomic():
            told(at, receiver, "of another part")
        told(at, receiver, "after")
        assert Notice.objects.count() == 3
        told(at, receiver, "last")
    assert {*Notice.objects.values_list("event", flat=True)} == {
        "before",
        "of another part",
        "after",
        "last",
    }


@pytest.mark.django_db(transaction=True)
def test_no_message_outlives_its_transaction(receiver: Person, at: datetime) -> None:
    with suppress(ZeroDivisionError), transaction.atomic(), remembering():
        told(at, receiver, "lost")
        raise ZeroDivisionError
    with remembering():
        told(at, receiver, "alone")  # no transaction is open that could keep it for later
        assert Notice.objects.get().event == "alone"
        with transaction.atomic():
            told(at, receiver, "with others")
            transaction.set_rollback(True)
    assert Notice.objects.get().event == "alone"


def test_a_verdict_is_brought_into_a_chat_once(ask: Ask, at: datetime) -> None:
    deviation = ask()
    for _ in range(2):
        put_into_chat(
            event="v",
            chat=101,
            kind=Notice.Kind.VERDICT,
            payload={},
            at=at,
            deviation_id=deviation.pk,
        )
    assert Notice.objects.get().kind == "verdict"


def test_of_one_moment_what_was_written_first_is_sent_first(receiver: Person, at: datetime) -> None:
    written = [f"news {number}" for number in range(30)]
    for event in written:
        write(at, receiver, event=event)
    for row in claim(at, 10):
        mark_failed(row.pk, error="no connection", now=at, after_s=0, permanent=False)
    later = at + timedelta(minutes=10)
    assert [row.event for row in claim(later, 30)] == written


def test_a_person_without_a_chat_is_undeliverable_at_once(at: datetime) -> None:
    person = save_person(None, person=None, full_name="Зимин К. Д.", roles=["lab"])
    assert (write(at, person).state, claim(at, 10)) == ("undeliverable", [])


def test_a_claimed_row_is_due_again_after_a_minute(receiver: Person, at: datetime) -> None:
    notice = write(at, receiver)
    assert claim(at, 10) == [notice]
    assert claim(at + timedelta(seconds=59), 10) == []
    assert claim(at + timedelta(seconds=60), 10) == [notice]


def test_rows_are_claimed_in_order_of_writing(
    receiver: Person, technologist: Person, at: datetime
) -> None:
    write(at, receiver, technologist, event="first")
    write(at + timedelta(seconds=1), receiver, event="second")
    with CaptureQueriesContext(connection) as asked:
        claimed = claim(at + timedelta(seconds=1), 10)
        assert {row.person for row in claimed} == {receiver, technologist}
    assert len(asked) == 2  # read with whom they are for, and counted as claimed
    assert [(row.event, row.person) for row in claimed] == [
        ("first", receiver),
        ("first", technologist),
        ("second", receiver),
    ]


def test_the_schedule_of_tries_ends_after_24_hours(receiver: Person, at: datetime) -> None:
    notice, now, waits = write(at, receiver), at, []
    while True:
        mark_failed(notice.pk, error="нет сети", now=now, after_s=None, permanent=False)
        notice.refresh_from_db()
        if notice.state == "undeliverable":
            break
        waits.append((notice.next_try_at - now).total_seconds())
        now = notice.next_try_at
    assert waits[:7] == [5, 15, 60, 300, 900, 3600, 3600]
    assert timedelta(hours=23) < now - at <= timedelta(hours=24)
    assert Notice.objects.undelivered().get() == notice


def test_retry_after_is_obeyed_and_is_no_attempt(receiver: Person, at: datetime) -> None:
    notice = write(at, receiver)
    mark_failed(notice.pk, error="429", now=at, after_s=37, permanent=False)
    notice.refresh_from_db()
    assert (notice.next_try_at - at, notice.attempts) == (timedelta(seconds=37), 0)


def test_a_blocked_bot_is_told_to_the_others_of_the_role_shift_leads_and_administrators_once(
    receiver: Person, at: datetime
) -> None:
    lead = save_person(None, person=None, full_name="Рогов", roles=["shift_lead"], telegram_id=1)
    admin = save_person(None, person=None, full_name="Ким", roles=["administrator"], telegram_id=4)
    mate = save_person(None, person=None, full_name="Лапина", roles=["lab"], telegram_id=2)
    lost = save_person(None, person=None, full_name="Серова", roles=["lab"], telegram_id=3)
    notice = write(at, lost)
    mark_failed(notice.pk, error="blocked", now=at, after_s=None, permanent=True)
    told = Notice.objects.exclude(pk=notice.pk)
    assert {row.person for row in told} == {lead, mate, admin}
    for row in list(told):
        mark_failed(row.pk, error="blocked", now=at, after_s=None, permanent=True)
    assert Notice.objects.count() == 4


def test_what_was_sent_stays_sent(receiver: Person, at: datetime) -> None:
    notice = write(at, receiver)
    mark_sent(notice.pk, message_id=7, now=at)
    mark_failed(notice.pk, error="поздно", now=at, after_s=None, permanent=True)
    notice.refresh_from_db()
    assert (notice.state, notice.message_id, notice.attempts) == ("sent", 7, 1)


@pytest.mark.django_db(transaction=True)
def test_eight_senders_never_claim_the_same_row(receiver: Person, at: datetime) -> None:
    for number in range(40):
        write(at, receiver, event=str(number))

    def claim_some(_: int) -> list[str]:
        try:
            return [row.event for row in claim(at, 5)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        claimed = [event for events in pool.map(claim_some, range(8)) for event in events]
    assert len(claimed) == len(set(claimed))
