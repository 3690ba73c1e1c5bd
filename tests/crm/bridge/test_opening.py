"""How a turn reads and writes its chat: one statement each, and nothing stale after a wait."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.bridge.chats import DjangoChats
from crm.bridge.habits import Habits
from crm.bridge.persons import TOLD, person_row
from crm.people.models import Person
from crm.plant.talker import Talker
from crm.prepared import Prepared
from crm.work.models import Chat as ChatRow
from crm.work.models import Session as SessionRow
from engine.model.conversation import Actor, Chat, Screen, Seen, Session

PATIENCE_S = 60  # on a busy machine
OWN = ("SAVEPOINT", "RELEASE")  # of the test's own transaction


@pytest.mark.parametrize("answer", ["Каркас", "[Каркас]"])
def test_an_answer_reads_its_chat_by_one_statement_and_writes_it_by_one(
    talker: Talker, answer: str
):
    talker.say("receiver", "/start", "[Новая партия]", "[ООО «Учебная компания 1»]")
    with CaptureQueriesContext(connection) as asked:
        talker.say("receiver", answer)
    said = [one["sql"] for one in asked if not one["sql"].startswith(OWN)]
    assert [one for one in said if one.startswith("SELECT") and "work_chat" in one] == said[:1]
    of_session = [one for one in said if "work_session" in one or "work_update" in one]
    writes = [one for one in of_session if one != said[0]]
    assert len(writes) == (1 if connection.vendor == "postgresql" else 2), said


BEGIN = ("/start", "[Новая партия]", "[ООО «Учебная компания 1»]", "[Каркас]", "[Каркас ЦБ]")


def test_what_turns_ask_again_and_again_is_read_with_the_chat(talker: Talker):
    talker.say("receiver", *BEGIN, "[Замороженное]", "/cancel", "[Да, отменить]")
    talker.say("receiver", *BEGIN[1:])
    with CaptureQueriesContext(connection) as asked:
        talker.say("receiver", "[Замороженное]")
    said = [one["sql"] for one in asked if not one["sql"].startswith(OWN)]
    assert [one for one in said[1:] if one.startswith("SELECT")] == []
    assert "production_rawbatch" in said[0]


def test_a_form_that_begins_asks_for_no_session_of_before(talker: Talker):
    for _ in range(2):
        talker.say("receiver", "/start")
        with CaptureQueriesContext(connection) as asked:
            talker.say("receiver", "[Новая партия]")
        talker.say("receiver", "/cancel", "[Да, отменить]")
    said = [one["sql"] for one in asked if not one["sql"].startswith(OWN)]
    reads = [one for one in said if one.startswith("SELECT") and "work_session" in one]
    assert reads == said[:1]
    assert SessionRow.objects.filter(state="cancelled").count() == 2


def test_a_session_of_a_chat_that_was_not_loaded_is_found_before_it_is_written(receiver: Person):
    at = timezone.now()
    actor = Actor(str(receiver.pk), receiver.full_name)
    session = Session(uuid4(), "raw_intake", "d", actor, "company")
    chat = replace(DjangoChats().load(101), screen=Screen("question"), sessions=(session,))
    DjangoChats().keep(chat, at)
    DjangoChats().keep(replace(chat, sessions=(replace(session, step="weight"),)), at)
    assert [*SessionRow.objects.values_list("step", flat=True)] == ["weight"]


def test_habits_are_of_places_and_of_as_many_chats_as_are_held(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("crm.bridge.habits.MOST", 2)
    habits, one, other = Habits(), Chat(1, "a"), Chat(2, "b")
    first, second = Prepared(Person.objects.all), Prepared(ChatRow.objects.all)
    habits.learn(one, (first,))
    assert habits.of(1) == ()  # nobody knows where that turn began
    habits.learn(one, (second,))
    assert (habits.of(1), habits.of(2)) == ((second,), ())
    habits.learn(other, (first,))
    assert habits.of(2) == (second,)  # he stands where the first one stood
    habits.learn(Chat(3, "c"), ())
    assert habits.of(1) == ()  # too many: their places are forgotten


def test_which_message_shows_a_chat_is_read_with_it(talker: Talker, django_assert_num_queries: Any):
    chats, at = DjangoChats(), timezone.now()
    chats.keep(replace(chats.load(101), turn=2), at)
    for turn, found in ((1, None), (2, 502)):
        chats.shown(Seen(101, turn, 502))
        with talker.ports.transaction():
            chats.load(101)
            with django_assert_num_queries(0):
                assert chats.message(101) == found
        assert chats.message(101) == found


def test_the_row_of_who_talks_is_read_with_his_chat(talker: Talker, django_assert_num_queries: Any):
    person = Person.objects.get(telegram_id=talker.chat("lab"))
    with talker.ports.transaction():
        DjangoChats().load(talker.chat("lab"))
        with django_assert_num_queries(0):
            found = person_row(str(person.pk))
            assert {column.attname: getattr(found, column.attname) for column in TOLD} == {
                column.attname: getattr(person, column.attname) for column in TOLD
            }
            assert str(found) == person.full_name
        found.language = "en"
        found.save()
    person.refresh_from_db()
    assert (person.language, person.name_key) == ("en", person.full_name.casefold())


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_who_waited_for_a_chat_reads_what_was_kept_meanwhile(receiver: Person):
    chats, at = DjangoChats(), timezone.now()
    actor = Actor(str(receiver.pk), receiver.full_name)
    session = Session(uuid4(), "raw_intake", "d", actor, "company")
    with transaction.atomic():
        chats.load(101)
    found: list[int] = []

    def other() -> None:
        try:
            with transaction.atomic():
                found.append(len(DjangoChats().load(101).sessions))
        finally:
            connection.close()

    with transaction.atomic():
        held = chats.load(101)
        waiting = threading.Thread(target=other)
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        kept = replace(held, turn=1, screen=Screen("question"), sessions=(session,))
        chats.keep(kept, at)
    waiting.join(PATIENCE_S)
    assert found == [1]


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_what_is_seen_in_many_chats_waits_for_none_that_somebody_holds():
    chats, at = DjangoChats(), timezone.now()
    for number in (101, 102, 103):
        with transaction.atomic():
            chats.keep(replace(chats.load(number), turn=2), at)
    chats.shown(Seen(103, 3, 504))
    seen = [Seen(101, 2, 501), Seen(102, 2, 502), Seen(103, 2, 503)]
    left: list[tuple[Seen, ...]] = []

    def other() -> None:
        try:
            left.append(chats.shown(*seen))
        finally:
            connection.close()

    with transaction.atomic():
        chats.load(101)
        writing = threading.Thread(target=other)
        writing.start()
        writing.join(PATIENCE_S)
    assert left == [(seen[0],)]
    rows = ChatRow.objects.order_by("pk").values_list("shown_turn", "message_id")
    assert [*rows] == [(0, None), (2, 502), (3, 504)]


def test_a_turn_writes_along_what_was_seen_on_the_screen(talker: Talker):
    chats, at = DjangoChats(), timezone.now()
    chats.keep(replace(chats.load(101), turn=2), at)
    with talker.ports.transaction(), CaptureQueriesContext(connection) as asked:
        chat = chats.load(101, 0, Seen(101, 2, 502))
        assert chats.message(101) == 502
        chats.keep(chat, at)
    assert len([one for one in asked if "work_chat" in one["sql"]]) == 2
    assert chats.message(101) == 502
    with talker.ports.transaction():
        chats.keep(chats.load(101, 0, Seen(101, 1, 501)), at)  # an earlier turn
    assert chats.message(101) == 502
    chats.shown(Seen(101, 3, 503))  # a turn without anything seen leaves it
    chats.keep(replace(chats.load(101), turn=3), at)
    assert chats.message(101) == 503
