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
from crm.bridge.persons import TOLD, person_row
from crm.people.models import Person
from crm.plant.talker import Talker
from engine.model.conversation import Actor, Screen, Session

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


def test_which_message_shows_a_chat_is_read_with_it(talker: Talker, django_assert_num_queries: Any):
    chats, at = DjangoChats(), timezone.now()
    chats.keep(replace(chats.load(101), turn=2), at)
    for turn, found in ((1, None), (2, 502)):
        chats.shown(101, turn, 502)
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
    waiting.join(10)
    assert found == [1]
