"""The first administrator comes out of the settings, and his first password opens one page."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pydantic import SecretStr

from crm.configuration import settings
from crm.office import first_admin

pytestmark = pytest.mark.django_db
GIVEN, OWN = "из-файла-секретов", "свой-Новый-пароль-7"
CHANGE, INSIDE = "/admin/password_change/", "/admin/auth/user/"


@pytest.fixture(autouse=True)
def boss(monkeypatch: pytest.MonkeyPatch) -> User:
    """The administrator that was made."""
    monkeypatch.setattr(settings(), "first_admin", "boss")
    monkeypatch.setattr(settings(), "first_admin_password", SecretStr(GIVEN))
    assert first_admin.make(settings())
    return User.objects.get()


def entered(password: str) -> Client:
    browser = Client()
    browser.post("/admin/login/", {"username": "boss", "password": password, "next": INSIDE})
    return browser


def replaced(browser: Client, old: str, new: str) -> int:
    typed = {"old_password": old, "new_password1": new, "new_password2": new}
    return browser.post(CHANGE, typed).status_code


def test_he_may_everything_and_is_made_once_and_keeps_the_password_that_he_chose(
    boss: User,
) -> None:
    assert (boss.username, boss.is_superuser, boss.is_staff) == ("boss", True, True)
    boss.set_password(OWN)
    boss.save()
    assert not first_admin.make(settings())
    assert User.objects.get().check_password(OWN)


def test_where_all_who_may_everything_are_closed_another_one_is_made_under_another_name(
    boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.update(is_active=False)
    assert not first_admin.make(settings())
    monkeypatch.setattr(settings(), "first_admin", "second")
    assert first_admin.make(settings())
    assert list(User.objects.filter(is_active=True)) == [User.objects.get(username="second")]
    boss.refresh_from_db()
    assert not boss.is_active


def test_without_a_password_in_the_settings_nobody_is_made(
    boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "first_admin_password", None)
    boss.delete()
    assert not first_admin.make(settings())
    assert not User.objects.exists()


@pytest.mark.parametrize("page", [INSIDE, "/admin/", "/files/x", "/admin/store/export/xlsx/"])
def test_the_first_password_opens_no_page_but_the_one_that_replaces_it(page: str) -> None:
    for browser in (entered(GIVEN), entered(GIVEN)):  # entering once more is no way round
        assert browser.get(page)["Location"] == CHANGE
        assert browser.get(CHANGE).status_code == 200


def test_another_password_lets_him_in_and_the_same_again_does_not() -> None:
    browser = entered(GIVEN)
    assert replaced(browser, GIVEN, GIVEN) == 200  # the page again, with the reason
    assert browser.get(INSIDE)["Location"] == CHANGE
    assert replaced(browser, GIVEN, OWN) == 302
    assert browser.get(INSIDE).status_code == 200
    assert entered(OWN).get(INSIDE).status_code == 200
    assert not User.objects.get().check_password(GIVEN)
