"""Two who must be two: a second account or a second chat of the first person is no second person
(domain 5, rule 8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from crm.bridge.persons import alike
from crm.people.hands import LATELY, SameHands, refuse_same_hands, same_hands
from crm.people.models import Person
from crm.people.operations.bind import bind
from crm.people.operations.invite import invite
from crm.people.operations.save_person import person_of, save_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def account(name: str) -> User:
    return User.objects.create_user(name, is_staff=True)


def taken_in(first: Person, at: datetime) -> Person:
    return save_person(first, person=None, full_name="Двойник", roles=["lab"])


def given_a_role(first: Person, at: datetime) -> Person:
    second = save_person(None, person=None, full_name="Двойник", roles=[])
    return save_person(first, person=second, roles=["lab"])


def given_a_chat(first: Person, at: datetime) -> Person:
    second = save_person(None, person=None, full_name="Двойник", roles=["lab"])
    return save_person(first, person=second, telegram_id=909)


def given_an_account(first: Person, at: datetime) -> Person:
    second = save_person(None, person=None, full_name="Двойник", roles=["lab"])
    return save_person(first, person=second, user=account("double"))


def given_a_code(first: Person, at: datetime) -> Person:
    second = save_person(None, person=None, full_name="Двойник", roles=["lab"])
    assert bind(None, chat_id=909, code=invite(first, person=second, at=at), at=at).person
    return second


def with_an_account_that_he_made(first: Person, at: datetime, flag: int = ADDITION) -> Person:
    made = account("double")
    assert first.user is not None
    kind, key = ContentType.objects.get_for_model(User), str(made.pk)
    LogEntry.objects.create(
        user=first.user, content_type=kind, object_id=key, object_repr="double", action_flag=flag
    )
    return person_of(made)


def with_a_password_that_he_set(first: Person, at: datetime) -> Person:
    return with_an_account_that_he_made(first, at, CHANGE)


@pytest.mark.parametrize(
    "made",
    [
        taken_in,
        given_a_role,
        given_a_chat,
        given_an_account,
        given_a_code,
        with_an_account_that_he_made,
        with_a_password_that_he_set,
    ],
)
def test_whom_the_first_has_lately_made_is_no_second_person_whichever_of_them_asks(
    at: datetime, made: Callable[[Person, datetime], Person]
) -> None:
    with time_machine.travel(at, tick=False) as clock:
        first = person_of(account("first"))
        second = made(first, at)
        third = person_of(account("third"))
        clock.shift(LATELY - DAY)
        soon = at + LATELY - DAY
        for one, other in ((first, second), (second, first)):
            with pytest.raises(SameHands, match=r"Нужен другой человек.*first"):
                refuse_same_hands(one, other, soon)
            assert alike(str(one.pk), str(other.pk), soon)
        for one in (first, second):
            assert same_hands(one, third, soon) is None
        assert same_hands(first, second, soon + 2 * DAY) is None


@pytest.mark.parametrize("what", ["user", "telegram_id"])
def test_an_account_or_a_chat_that_goes_to_another_row_makes_no_second_person(
    at: datetime, what: str
) -> None:
    keeper = save_person(None, person=None, full_name="Ключник", roles=[])
    mark: Any = account("one") if what == "user" else 909
    has: dict[str, Any] = {what: mark}
    has_no: dict[str, Any] = {what: None}
    first = save_person(None, person=None, full_name="Первый", roles=["lab"], **has)
    save_person(keeper, person=first, **has_no)
    second = save_person(None, person=None, full_name="Второй", roles=["lab"], **has)
    refusal = same_hands(first, second, at)
    assert refusal is not None
    assert "была одна учётная запись или один чат" in str(refusal)


def test_the_system_and_somebody_who_is_to_be_found_are_like_nobody(at: datetime) -> None:
    first = save_person(None, person=None, full_name="Первый", roles=["lab"])
    assert same_hands(None, first, at) is None
    assert same_hands(first, Person(full_name="второй человек"), at) is None
    assert same_hands(first, first, at) is None
    assert alike("", str(first.pk), at) is None
