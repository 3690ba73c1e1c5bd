"""The door of the office: guessing is refused, every try is on record, a stay ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import global_settings
from django.conf import settings as django
from django.contrib.auth.models import User
from django.test import Client
from django.utils.module_loading import import_string

from crm import settings as program
from crm.configuration import settings
from crm.office.door import IDLE_S
from crm.people.models import SignIn
from crm.people.operations.sign_in import FROM_ANYWHERE, FROM_ONE_PLACE, KNOWN, OF_ALL, WINDOW
from tests.crm.office.conftest import member
from tests.hashers import Quick

pytestmark = pytest.mark.django_db
DOOR, HOME = "/admin/login/", "/admin/password_change/"
PASSWORD = "верный-пароль-1"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, 8, 30, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def clerk(db: None, clock: time_machine.Traveller) -> User:
    return User.objects.create_user("clerk", password=PASSWORD, is_staff=True)


def enter(browser: Client, password: str = PASSWORD, *, name: str = "clerk", **meta: str) -> bool:
    """Try to enter and tell whether it was let in."""
    form = {"username": name, "password": password, "next": HOME}
    return browser.post(DOOR, form, **meta).status_code == 302  # type: ignore[arg-type]


def outcomes() -> list[str]:
    return list(SignIn.objects.order_by("pk").values_list("outcome", flat=True))


def test_every_try_is_on_record_with_who_when_and_from_where(clerk: User) -> None:
    browser = Client(headers={"User-Agent": "Браузер 1"})
    assert not enter(browser, "x", REMOTE_ADDR="10.0.0.7")
    assert enter(browser, REMOTE_ADDR="10.0.0.8")
    assert not enter(browser, "секрет", name="верный-пароль-1")
    assert list(
        SignIn.objects.order_by("pk").values_list("account", "outcome", "address", "program")
    ) == [
        (clerk.pk, "wrong", "10.0.0.7", "Браузер 1"),
        (clerk.pk, "entered", "10.0.0.8", "Браузер 1"),
        (None, "wrong", "127.0.0.1", "Браузер 1"),
    ]
    assert PASSWORD not in str(SignIn.objects.values())


def test_an_account_without_the_right_to_enter_is_a_wrong_try(clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(is_staff=False)
    assert not enter(Client())
    assert outcomes() == ["wrong"]


def test_who_guesses_waits_even_with_the_right_password_and_others_do_not(
    clock: time_machine.Traveller,
) -> None:
    guesser = {"REMOTE_ADDR": "10.0.0.7"}
    for _ in range(FROM_ONE_PLACE):
        assert not enter(Client(), "x", **guesser)
    form = {"username": "clerk", "password": PASSWORD}
    page = Client().post(DOOR, form, REMOTE_ADDR="10.0.0.7").content.decode()
    assert "Слишком много попыток. Подождите 15 мин" in page
    assert outcomes()[-1] == "locked"
    assert enter(Client(), REMOTE_ADDR="10.0.0.8")
    clock.shift(WINDOW.total_seconds())
    assert enter(Client(), **guesser)


def test_a_name_that_is_no_account_is_closed_like_one_that_is() -> None:
    pages = []
    for name in ("clerk", "nobody"):
        form = {"username": name, "password": "x"}
        for _ in range(FROM_ONE_PLACE):
            Client().post(DOOR, form)
        pages.append(Client().post(DOOR, form).content.decode())
    assert all("Слишком много попыток. Подождите 15 мин" in page for page in pages)
    assert enter(Client(), REMOTE_ADDR="10.0.0.8")


def test_wrong_tries_before_a_right_one_are_forgotten() -> None:
    for _ in range(2):
        for _ in range(FROM_ONE_PLACE - 1):
            assert not enter(Client(), "x")
        assert enter(Client())


def test_one_address_tries_no_endless_list_of_names() -> None:
    for number in range(OF_ALL):
        enter(Client(), "x", name=f"name{number}")
    assert not enter(Client())
    assert outcomes()[-1] == "locked"


def test_one_account_is_not_guessed_from_many_addresses() -> None:
    for number in range(FROM_ANYWHERE):
        enter(Client(), "x", REMOTE_ADDR=f"10.0.1.{number}")
    assert not enter(Client(), REMOTE_ADDR="10.0.2.1")
    assert outcomes()[-1] == "locked"


def test_a_stranger_who_guesses_from_many_addresses_keeps_nobody_out_of_his_own_desk(
    clock: time_machine.Traveller,
) -> None:
    assert enter(Client(), REMOTE_ADDR="10.0.2.1")
    clock.shift(KNOWN.total_seconds() - 60)
    for number in range(FROM_ANYWHERE):
        enter(Client(), "x", REMOTE_ADDR=f"10.0.1.{number}")
    assert not enter(Client(), REMOTE_ADDR="10.0.2.2")
    for _ in range(FROM_ONE_PLACE - 1):
        assert not enter(Client(), "x", REMOTE_ADDR="10.0.2.1")
    assert enter(Client(), REMOTE_ADDR="10.0.2.1")


def test_a_clock_that_jumped_and_came_back_locks_nobody_out(clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(days=365))
    for _ in range(FROM_ONE_PLACE):
        assert not enter(Client(), "x")
    clock.shift(timedelta(days=-365))
    assert enter(Client())


def test_who_knocks_at_a_locked_door_fills_no_disk(clock: time_machine.Traveller) -> None:
    for _ in range(FROM_ONE_PLACE + 20):
        assert not enter(Client(), "x")
    assert outcomes() == ["wrong"] * FROM_ONE_PLACE + ["locked"]
    clock.shift(61)
    assert not enter(Client(), "x")
    assert outcomes()[-2:] == ["locked", "locked"]


@pytest.mark.parametrize(("trusted", "seen"), [(True, "198.51.100.7"), (False, "127.0.0.1")])
def test_the_address_is_the_proxy_s_word_only_behind_a_trusted_proxy(
    monkeypatch: pytest.MonkeyPatch, trusted: bool, seen: str
) -> None:
    monkeypatch.setattr(settings(), "proxy_header", trusted)
    assert enter(Client(), HTTP_X_FORWARDED_FOR="203.0.113.1, 198.51.100.7")
    assert SignIn.objects.get().address == seen


@pytest.mark.parametrize(
    ("pages", "every_s", "inside"),
    [
        (1, IDLE_S - 1, True),
        (1, IDLE_S, False),
        (11, 3600, True),
        (12, django.SESSION_COOKIE_AGE // 12, False),
    ],
    ids=["at his desk", "left his desk", "a shift", "longer than a shift"],
)
def test_a_stay_ends_when_nobody_is_there_and_after_a_shift(
    clock: time_machine.Traveller, pages: int, every_s: int, inside: bool
) -> None:
    browser = Client()
    assert enter(browser)
    for _ in range(pages):
        clock.shift(every_s)
        status = browser.get(HOME).status_code
    assert (status == 200) is inside


def test_the_cookie_of_a_stay_is_no_script_s_and_no_other_site_s() -> None:
    browser = Client()
    enter(browser)
    cookie = browser.cookies["sessionid"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""  # it ends with the browser


def test_the_list_shows_tries_to_an_auditor_and_to_no_clerk(seeded: None) -> None:
    enter(Client(), "x", REMOTE_ADDR="10.0.0.7")
    page = member("a", "Аудитор").get("/admin/people/signin/").content.decode()
    assert "10.0.0.7" in page
    assert "Неверные данные" in page
    assert member("b", "Производственный отдел").get("/admin/people/signin/").status_code == 403


def test_the_program_hashes_passwords_by_a_million_rounds_although_tests_do_not() -> None:
    first, *_ = getattr(program, "PASSWORD_HASHERS", global_settings.PASSWORD_HASHERS)
    hasher = import_string(first)
    assert issubclass(Quick, hasher)
    assert hasher.iterations >= 1_000_000
