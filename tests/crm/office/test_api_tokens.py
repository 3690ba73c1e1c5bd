"""«Токены API»: given and shown once, listed, revoked."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from crm.api.models import Token
from tests.crm.office.conftest import member

pytestmark = pytest.mark.django_db
LIST = "/admin/api/token/"


def give(office: Client, *scopes: str, days: int = 30) -> str:
    """Ask the form for a token and return the page that follows."""
    until = timezone.localtime() + timedelta(days=days)
    form = {"name": "Учёт", "scopes": scopes, "expires_at_0": f"{until:%d.%m.%Y}",
            "expires_at_1": f"{until:%H:%M}"}  # fmt: skip
    return unescape(office.post(f"{LIST}add/", form, follow=True).content.decode())


def read(secret: str, path: str) -> int:
    """Return the status of an answer of the API."""
    header = {"Authorization": f"Bearer {secret}"}
    return Client(headers=header).get(f"/api/v1/{path}").status_code


def test_a_token_is_shown_once_and_reads_what_was_ticked(office: Client) -> None:
    page = give(office, "stock:read", "lots:read")
    found = re.search(r"meat_[\w-]{40,}", page)
    assert found is not None
    secret = found.group()
    assert [read(secret, path) for path in ("stock", "lots", "lots/1/recall")] == [200, 200, 403]
    token = Token.objects.get()
    for again in (LIST, f"{LIST}{token.pk}/change/", f"{LIST}{token.pk}/history/"):
        shown = office.get(again).content.decode()
        assert token.hint in shown or "history" in again
        assert secret not in shown
    assert secret not in str(LogEntry.objects.values())


def test_a_revoked_token_reads_nothing_more_and_says_who_revoked_it(office: Client) -> None:
    secret = re.findall(r"meat_[\w-]{40,}", give(office, "stock:read"))[0]
    token = Token.objects.get()
    assert "Отозвать" in office.get(f"{LIST}{token.pk}/change/").content.decode()
    office.post(f"{LIST}{token.pk}/revoke/")
    assert read(secret, "stock") == 401
    page = office.get(f"{LIST}{token.pk}/change/").content.decode()
    assert "Кем отозван" in page
    assert f"/{token.pk}/revoke/" not in page


@pytest.mark.parametrize(("scopes", "days"), [((), 30), (("stock:read",), 400), (("x",), 30)])
def test_a_token_without_a_scope_or_an_end_is_not_given(
    office: Client, scopes: tuple[str, ...], days: int
) -> None:
    assert "meat_" not in give(office, *scopes, days=days)
    assert not Token.objects.exists()


def test_an_administrator_gives_tokens_and_an_auditor_only_sees_them(seeded: None) -> None:
    administrator, auditor = member("a", "Администратор"), member("b", "Аудитор")
    assert "meat_" in give(administrator, "stock:read")
    assert auditor.get(LIST).status_code == 200
    assert auditor.get(f"{LIST}add/").status_code == 403
    token = Token.objects.get()
    assert auditor.post(f"{LIST}{token.pk}/revoke/").status_code == 403
    assert Token.objects.get().revoked_at is None
    User.objects.get(username="a").groups.clear()
    assert "выдавший больше не вправе" in auditor.get(LIST).content.decode()
