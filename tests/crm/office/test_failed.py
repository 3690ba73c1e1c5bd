"""What a person and a program are told when the office itself breaks (domain X36)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client

SECRET = "FATAL: password of meat"  # pragma: allowlist secret
BATCHES = "/admin/production/rawbatch/"


@pytest.fixture
def browser(boss: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(boss)
    return client


@pytest.fixture
def _away(browser: Client) -> Iterator[None]:
    """The database is away from now on."""

    def refuse(execute: Callable[..., Any], *rest: Any) -> Any:
        raise OperationalError(SECRET)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.usefixtures("_away")
def test_a_page_that_fails_shows_a_code_and_a_way_on_and_the_journal_has_its_trace(
    browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = browser.get(f"{BATCHES}?q=<b>")
    said = answer.content.decode()
    assert answer.status_code == 500
    found = re.search(r'class="code">(request-[0-9a-f]{8})<', said)
    assert found, said
    assert f'href="{BATCHES}?q=%3Cb%3E"' in said
    assert 'href="/admin/"' in said
    assert SECRET not in said
    told = [one for one in caplog.records if found[1] in one.getMessage()]
    assert [one.exc_info and one.exc_info[0] for one in told] == [OperationalError]


@pytest.mark.usefixtures("_away")
def test_what_was_sent_is_not_offered_to_be_sent_again(browser: Client) -> None:
    said = browser.post(f"{BATCHES}export/csv/").content.decode()
    assert "Прежде чем отправлять снова" in said
    assert "Повторить" not in said


@pytest.mark.usefixtures("_away")
def test_a_page_that_fails_is_read_in_the_language_of_the_office(browser: Client) -> None:
    browser.cookies["django_language"] = "en"
    assert "Try again" in browser.get(BATCHES).content.decode()


@pytest.mark.usefixtures("_away")
def test_a_program_is_told_a_code_in_its_own_form(browser: Client) -> None:
    answer = browser.get("/api/v1/stock", headers={"Authorization": "Bearer mb_x"})
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["code"] == "failed"
    assert re.search(r"request-[0-9a-f]{8}$", answer.json()["detail"])
    assert SECRET not in answer.content.decode()
