"""The ways in: a code, a request; and who holds a role."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.bridge.operations import DjangoOperations
from crm.bridge.people import DjangoPeople
from crm.bridge.program import program
from crm.people.models import AccessRequest, Invitation, Person
from crm.people.operations.bind import bind
from crm.people.operations.invite import ALPHABET, invite
from crm.people.operations.request_access import request_access
from crm.people.operations.save_person import save_person, set_active, unbind
from engine.errors import Refused

pytestmark = pytest.mark.django_db
CHAT = 555


@pytest.fixture
def newcomer(db: None) -> Person:
    return save_person(None, person=None, full_name="Зимин К. Д.", roles=["storekeeper", "lab"])


@pytest.fixture
def people(db: None) -> DjangoPeople:
    return DjangoPeople(DjangoOperations(program()), program())


def test_a_code_has_eight_clear_characters_and_is_not_kept(newcomer: Person, at: datetime) -> None:
    code = invite(None, person=newcomer, at=at)
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)
    assert code not in Invitation.objects.get().code_hash


def test_who_reads_the_rows_and_has_not_the_key_of_the_program_finds_no_code(
    newcomer: Person, at: datetime, settings: Any
) -> None:
    """All codes are tried in minutes."""
    code = invite(None, person=newcomer, at=at)
    assert Invitation.objects.get().code_hash != hashlib.sha256(code.encode()).hexdigest()
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert bind(None, chat_id=CHAT, code=code, at=at).person is None
    settings.SECRET_KEY = key
    assert bind(None, chat_id=CHAT, code=code, at=at).person == newcomer


def test_a_code_binds_once(newcomer: Person, at: datetime) -> None:
    code = invite(None, person=newcomer, at=at)
    assert bind(None, chat_id=CHAT, code=f" {code.lower()} ", at=at).person == newcomer
    unbind(None, person=newcomer, at=at)
    assert bind(None, chat_id=CHAT, code=code, at=at).person is None


@pytest.mark.parametrize(("hours", "works"), [(71, True), (72, False)])
def test_a_code_works_for_72_hours(newcomer: Person, at: datetime, hours: int, works: bool) -> None:
    code = invite(None, person=newcomer, at=at)
    later = at + timedelta(hours=hours)
    assert (bind(None, chat_id=CHAT, code=code, at=later).person is not None) == works


def test_a_new_code_takes_the_place_of_the_old_one(newcomer: Person, at: datetime) -> None:
    old, new = invite(None, person=newcomer, at=at), invite(None, person=newcomer, at=at)
    assert bind(None, chat_id=CHAT, code=old, at=at).person is None
    assert bind(None, chat_id=CHAT, code=new, at=at).person == newcomer


def test_five_wrong_codes_close_the_chat_for_an_hour(newcomer: Person, at: datetime) -> None:
    code = invite(None, person=newcomer, at=at)
    tries = [bind(None, chat_id=CHAT, code="WRONG", at=at) for _ in range(5)]
    assert [answer.locked for answer in tries] == [False] * 4 + [True]
    refused = bind(None, chat_id=CHAT, code=code, at=at + timedelta(minutes=59))
    assert str(refused.refusal) == "Слишком много неверных кодов. Попробуйте после 12:30"
    assert bind(None, chat_id=777, code=code, at=at).person == newcomer


def test_after_the_hour_the_chat_is_open_again(newcomer: Person, at: datetime) -> None:
    code = invite(None, person=newcomer, at=at)
    for _ in range(5):
        bind(None, chat_id=CHAT, code="WRONG", at=at)
    later = at + timedelta(hours=1)
    assert bind(None, chat_id=CHAT, code=code, at=later).person == newcomer


def test_a_clock_that_jumped_and_came_back_closes_no_chat(newcomer: Person, at: datetime) -> None:
    for _ in range(5):
        bind(None, chat_id=CHAT, code="WRONG", at=at + timedelta(days=365))
    code = invite(None, person=newcomer, at=at)
    assert bind(None, chat_id=CHAT, code=code, at=at).person == newcomer


def test_one_chat_is_one_person(newcomer: Person, receiver: Person, at: datetime) -> None:
    code = invite(None, person=newcomer, at=at)
    taken = receiver.telegram_id or 0
    assert bind(None, chat_id=taken, code=code, at=at).person is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=newcomer.pk).update(telegram_id=taken)


def test_nobody_is_invited_who_does_not_work(newcomer: Person, at: datetime) -> None:
    code = invite(None, person=newcomer, at=at)
    set_active(None, person=newcomer, active=False, at=at)
    assert bind(None, chat_id=CHAT, code=code, at=at).person is None
    with pytest.raises(Refused):
        invite(None, person=newcomer, at=at)


def test_a_chat_has_one_open_request_and_three_a_day(
    newcomer: Person, people: DjangoPeople, at: datetime
) -> None:
    for minute in range(3):
        moment = at + timedelta(minutes=minute)
        assert people.ask_access(CHAT, "Зимин, склад", moment) is None
        assert "уже отправлен" in str(people.ask_access(CHAT, "Зимин, склад", moment))
        people.decide(newcomer, AccessRequest.objects.get(state="open"), None, moment)
    refused = people.ask_access(CHAT, "Зимин", at + timedelta(hours=1))
    assert "не больше трёх" in str(refused)
    assert people.ask_access(CHAT, "Зимин", at + timedelta(hours=25)) is None


@pytest.mark.parametrize("said", ["", " я ", "я" * 101])
def test_a_request_says_who_in_2_to_100_characters(at: datetime, said: str) -> None:
    with pytest.raises(Refused, match="от 2 до 100"):
        request_access(None, chat_id=CHAT, said=said, at=at)


def test_holders_of_several_roles_come_once(newcomer: Person, receiver: Person) -> None:
    assert list(Person.objects.holding("lab", "storekeeper", "receiver")) == [receiver, newcomer]
    save_person(None, person=newcomer, roles=[])
    assert list(Person.objects.holding("lab", "storekeeper")) == []


def test_a_role_that_does_not_exist_is_refused(newcomer: Person) -> None:
    with pytest.raises(ValueError, match="cleaner"):
        save_person(None, person=newcomer, roles=["cleaner"])
