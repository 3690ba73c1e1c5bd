"""The second factor: who corrects gives a code beside the password."""

from __future__ import annotations

import re
from base64 import b32decode
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from crm.configuration import settings
from crm.office.roles import title
from crm.office.second_factor import CODES, may_correct
from crm.people.models import SignIn
from crm.people.roles import OfficeRole

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
DOOR, PAGE, INSIDE = "/admin/login/", "/admin/second-factor/", "/admin/production/pallet/"
PASSWORD = "верный-пароль-1"
CORRECT = {"administrator", "production_office", "shipping_clerk", "quality_manager", "shift_lead",
           "technologist"}  # fmt: skip


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, 8, 30, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _outside_of_the_demo(monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller) -> None:
    monkeypatch.setattr(settings(), "demo", False)


def entered(role: str) -> Client:
    """A browser of a new account of a role, after its password."""
    user = User.objects.create_user(role, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=title(role)))
    return again(role)


def again(role: str) -> Client:
    browser = Client()
    browser.post(DOOR, {"username": role, "password": PASSWORD, "next": INSIDE})
    return browser


def code() -> str:
    """What the tied phone shows now."""
    return shown(TOTPDevice.objects.get().bin_key)


def shown(key: bytes) -> str:
    return f"{TOTP(key).token():06d}"


def read(page: str) -> bytes:
    """The key that a page offers."""
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found is not None
    return b32decode(found[1])


def other(right: str) -> str:
    return f"{(int(right) + 5) % 10**6:06d}"


def inside(browser: Client) -> bool:
    answer = browser.get(INSIDE)
    assert answer.status_code == 200 or answer["Location"] == PAGE
    return answer.status_code == 200


def tied(role: str = "production_office") -> tuple[Client, list[str]]:
    """A browser of an account that has just tied its phone, and its codes for paper."""
    browser = entered(role)
    key = read(browser.get(PAGE).content.decode())
    page = browser.post(PAGE, {"code": shown(key)}).content.decode()
    return browser, re.findall(r"<code>(\w{8})</code>", page)


@pytest.mark.parametrize("role", sorted({*OfficeRole.values, "technologist"}))
def test_who_may_correct_ties_a_phone_first_and_who_only_reads_does_not(role: str) -> None:
    browser = entered(role)
    assert inside(browser) is (role not in CORRECT)
    assert may_correct(User.objects.get(username=role)) is (role in CORRECT)


def test_the_code_lets_in_no_browser_that_had_the_same_stay_before(
    clock: time_machine.Traveller,
) -> None:
    """Whoever has the password plants the cookie of his stay, and its owner types the code."""
    tied()
    clock.shift(60)
    thief, owner = again("production_office"), Client()
    owner.cookies["sessionid"] = thief.cookies["sessionid"].value
    assert owner.post(PAGE, {"code": code()}).status_code == 302
    assert inside(owner)
    assert thief.get(INSIDE)["Location"].startswith(DOOR)


def test_in_the_demo_nobody_has_to_tie_a_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "demo", True)
    assert inside(entered("production_office"))


@pytest.mark.parametrize("wrong", ["", "12345a", "²²²²²²", "other"])
def test_a_wrong_code_ties_no_phone(wrong: str) -> None:
    browser = entered("production_office")
    offered = browser.get(PAGE).content.decode()
    assert "data:image/png;base64," in offered
    given = other(shown(read(offered))) if wrong == "other" else wrong
    page = browser.post(PAGE, {"code": given}).content.decode()
    assert "Код не подошёл" in page
    assert read(page) == read(offered)
    assert not inside(browser)
    assert not TOTPDevice.objects.exists()


def test_after_the_first_code_the_account_is_inside_with_ten_codes_for_paper() -> None:
    browser, codes = tied()
    assert inside(browser)
    assert len(set(codes)) == CODES
    assert not set(codes) & set(re.findall(r"\w{8}", browser.get(PAGE).content.decode()))


def test_with_a_tied_phone_the_password_alone_opens_nothing(clock: time_machine.Traveller) -> None:
    tied()
    clock.shift(60)
    browser = again("production_office")
    assert not inside(browser)
    assert browser.post("/admin/store/export/csv/")["Location"] == PAGE
    assert browser.post(PAGE, {"code": code()}).status_code == 302
    assert inside(browser)


def outcomes() -> list[str]:
    return list(SignIn.objects.order_by("pk").values_list("outcome", flat=True))


def test_who_has_the_password_alone_is_not_on_record_as_one_who_entered(
    clock: time_machine.Traveller,
) -> None:
    tied()
    assert outcomes() == ["password", "entered"]
    clock.shift(60)
    browser = again("production_office")
    assert outcomes()[2:] == ["password"]
    browser.post(PAGE, {"code": code()})
    assert outcomes()[3:] == ["entered"]
    clock.shift(60)
    browser.post(PAGE, {"code": code()})  # new codes for paper: he is inside
    assert len(outcomes()) == 4
    entered("director")
    assert outcomes()[4:] == ["entered"]


def test_whoever_has_the_password_and_guesses_the_code_is_on_record() -> None:
    tied()
    browser = again("production_office")
    browser.post(PAGE, {"code": other(code())})
    last = SignIn.objects.order_by("pk").last()
    assert last is not None
    assert (last.outcome, str(last.account), last.address) == (
        "wrong", "production_office", "127.0.0.1",
    )  # fmt: skip


def test_a_code_of_the_phone_is_good_once(clock: time_machine.Traveller) -> None:
    tied()
    clock.shift(60)
    assert again("production_office").post(PAGE, {"code": code()}).status_code == 302
    late = again("production_office")
    assert "Код не подошёл" in late.post(PAGE, {"code": code()}).content.decode()
    assert not inside(late)


def test_a_clock_that_jumped_and_came_back_locks_no_phone_out(
    clock: time_machine.Traveller,
) -> None:
    tied()
    clock.shift(365 * 24 * 3600)
    browser = again("production_office")
    browser.post(PAGE, {"code": code()})
    assert inside(browser)
    again("production_office").post(PAGE, {"code": other(code())})
    clock.shift(-364 * 24 * 3600)
    browser = again("production_office")
    browser.post(PAGE, {"code": code()})
    assert inside(browser)


def test_a_code_on_paper_is_good_once(clock: time_machine.Traveller) -> None:
    _, codes = tied()
    assert again("production_office").post(PAGE, {"code": codes[0].upper()}).status_code == 302
    late = again("production_office")
    assert late.post(PAGE, {"code": codes[0]}).status_code == 200
    assert not inside(late)
    assert StaticToken.objects.count() == CODES - 1


def test_who_guesses_codes_waits_even_with_the_right_one(clock: time_machine.Traveller) -> None:
    tied()
    clock.shift(60)
    browser = again("production_office")
    for _ in range(5):
        browser.post(PAGE, {"code": other(code())})
    assert browser.post(PAGE, {"code": code()}).status_code == 200
    clock.shift(600)
    assert browser.post(PAGE, {"code": code()}).status_code == 302


def test_new_codes_for_paper_replace_the_old_ones(clock: time_machine.Traveller) -> None:
    browser, codes = tied()
    clock.shift(60)
    page = browser.post(PAGE, {"code": code()}).content.decode()
    fresh = re.findall(r"<code>(\w{8})</code>", page)
    assert len(fresh) == CODES
    assert not set(fresh) & set(codes)
    assert again("production_office").post(PAGE, {"code": codes[0]}).status_code == 200


def test_of_two_who_tie_a_phone_to_one_account_at_once_the_faster_has_tied_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = entered("production_office"), again("production_office")
    keys = [read(one.get(PAGE).content.decode()) for one in (first, second)]
    verify = TOTP.verify

    def late(self: TOTP, *given: object, **named: object) -> bool:
        monkeypatch.setattr(TOTP, "verify", verify)
        first.post(PAGE, {"code": shown(keys[0])})
        return bool(verify(self, *given, **named))

    monkeypatch.setattr(TOTP, "verify", late)
    page = second.post(PAGE, {"code": shown(keys[1])}).content.decode()
    assert TOTPDevice.objects.get().bin_key == keys[0]
    assert not re.findall(r"<code>\w{8}</code>", page)
    assert not inside(second)


def test_what_cannot_be_a_code_is_refused_in_words() -> None:
    tied()
    browser = again("production_office")
    for odd in ("12345٦", "a²", "%", ""):
        assert "Код не подошёл" in browser.post(PAGE, {"code": odd}).content.decode()


def test_who_owes_a_code_may_leave(clock: time_machine.Traveller) -> None:
    browser = entered("production_office")
    assert browser.post("/admin/logout/").status_code == 200
    assert browser.get(INSIDE)["Location"].startswith(DOOR)


def lost(who: Client, account: User, step: str, reason: str = "забыл дома") -> str:
    """Ask the page of a lost phone; return what it answers."""
    page = f"/admin/auth/user/{account.pk}/lost_phone/"
    answer = who.post(page, {"step": step, "reason": reason}, follow=True)
    return answer.content.decode()


def administrator() -> Client:
    user = User.objects.create_user("chief", is_staff=True)
    user.groups.add(Group.objects.get(name=title("administrator")))
    browser = Client()
    browser.force_login(user)
    return browser


def test_who_left_his_phone_gets_a_code_from_an_administrator_that_is_good_once() -> None:
    tied()
    account = User.objects.get(username="production_office")
    chief = administrator()
    assert "Обязательное поле" in lost(chief, account, "lend", "")
    (lent,) = re.findall(r"<code>([a-z2-7]+)</code>", lost(chief, account, "lend"))
    page = chief.get(f"/admin/auth/user/{account.pk}/lost_phone/").content.decode()
    assert lent not in page
    browser = again("production_office")
    assert not inside(browser)
    browser.post(PAGE, {"code": lent})
    assert inside(browser)
    other_stay = again("production_office")
    other_stay.post(PAGE, {"code": lent})
    assert not inside(other_stay)
    kept = LogEntry.objects.get(object_id=str(account.pk)).change_message
    assert "забыл дома" in kept
    assert lent not in kept


def test_a_lent_code_is_good_although_somebody_has_guessed_codes_for_paper() -> None:
    tied()
    thief = again("production_office")
    for _ in range(5):
        thief.post(PAGE, {"code": "aaaaaaaa"})
    account = User.objects.get(username="production_office")
    (lent,) = re.findall(r"<code>([a-z2-7]+)</code>", lost(administrator(), account, "lend"))
    browser = again("production_office")
    browser.post(PAGE, {"code": lent})
    assert inside(browser)


def test_a_lost_phone_is_untied_and_another_one_is_tied_at_the_next_stay() -> None:
    tied()
    account = User.objects.get(username="production_office")
    assert "Телефон отвязан. забыл дома" in lost(administrator(), account, "forget")
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    browser = again("production_office")
    assert not inside(browser)
    assert "Привяжите телефон" in browser.get(PAGE).content.decode()


def test_nobody_does_it_for_himself_or_for_one_who_may_more(boss: User) -> None:
    chief = administrator()
    me = User.objects.get(username="chief")
    for account in (me, boss):
        page = f"/admin/auth/user/{account.pk}/lost_phone/"
        assert chief.get(page).status_code == 403
        assert chief.post(page, {"step": "forget", "reason": "потерян"}).status_code == 403
