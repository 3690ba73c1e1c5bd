"""Who the API lets in: tokens, scopes, how often; every no is a problem that a program reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.api import access
from crm.api.access import PER_MINUTE
from crm.api.models import Scope, Token
from crm.api.operations.tokens import LONGEST, issue, revoke
from engine.errors import Refused
from tests.crm.api.conftest import GIVEN, Asker

pytestmark = pytest.mark.django_db
ADDRESSES = {
    "lots": Scope.LOTS,
    "lots/named?number=1": Scope.LOTS,
    "lots/1": Scope.LOTS,
    "lots/1/trace/forward": Scope.TRACE,
    "lots/1/recall": Scope.TRACE,
    "stock": Scope.STOCK,
    "stock/raw_store": Scope.STOCK,
}


def problem(answer: Any) -> tuple[int, str]:
    """Return the status and the code of a problem."""
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    return told["status"], told["code"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_without_a_token_is_let_in_whatever_his_account(keeper: User, address: str) -> None:
    browser = Client()
    browser.force_login(keeper)
    answer = browser.get(f"/api/v1/{address}")
    assert problem(answer) == (401, "token_needed")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer meat_guess", "Basic YTpi", "\x00"])
def test_what_is_no_token_is_not_let_in(db: None, header: str) -> None:
    answer = Client(headers={"Authorization": header}).get("/api/v1/stock")
    assert problem(answer) == (401, "token_needed")


@pytest.mark.parametrize(("address", "scope"), ADDRESSES.items())
def test_a_token_reads_its_scopes_and_no_other(
    program: Callable[..., Asker], address: str, scope: Scope
) -> None:
    without = program(*(one for one in Scope if one is not scope))
    answer = without(address)
    assert problem(answer) == (403, "scope_needed")
    assert f'scope="{scope.value}"' in answer["WWW-Authenticate"]
    assert program(scope)(address).status_code in (200, 404)


def test_a_revoked_token_is_not_let_in_from_the_next_request_on(
    reader: Asker, keeper: User
) -> None:
    assert reader("stock").status_code == 200
    revoke(keeper, token=reader.token, at=timezone.now())
    assert problem(reader("stock")) == (401, "token_needed")
    with pytest.raises(Refused, match="уже отозван"):
        revoke(keeper, token=reader.token, at=timezone.now())


@pytest.mark.parametrize("lost", [{"is_active": False}, {"is_superuser": False}])
def test_a_token_reads_nothing_while_who_gave_it_may_give_none(
    reader: Asker, keeper: User, lost: dict[str, bool]
) -> None:
    """He knows its secret: dismissed, he would read on for a year."""
    account = User.objects.filter(pk=keeper.pk)
    account.update(**lost)
    assert problem(reader("stock")) == (401, "token_needed")
    account.update(is_active=True, is_superuser=True)
    assert reader("stock").status_code == 200


def test_a_token_is_not_let_in_from_its_last_moment_on(reader: Asker) -> None:
    end = reader.token.expires_at
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert reader("stock").status_code == 200
    with time_machine.travel(end, tick=False):
        assert problem(reader("stock")) == (401, "token_needed")


def test_a_token_that_asks_too_often_waits_for_the_next_minute_and_others_do_not(
    program: Callable[..., Asker],
) -> None:
    at = datetime(2026, 11, 22, 8, 30, 45, tzinfo=UTC)
    with time_machine.travel(at, tick=False) as clock:
        busy, calm = program(Scope.STOCK), program(Scope.STOCK)
        answers = [busy("stock").status_code for _ in range(PER_MINUTE)]
        assert answers == [200] * PER_MINUTE
        refused = busy("stock")
        assert problem(refused) == (429, "too_many_requests")
        assert refused["Retry-After"] == "15"
        assert calm("stock").status_code == 200
        clock.shift(15)
        assert busy("stock").status_code == 200


def test_all_processes_of_the_office_count_together(
    program: Callable[..., Asker], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes know nothing of each other but what is in the rows."""
    at = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    processes = cycle((access.Drawn(), access.Drawn()))
    with time_machine.travel(at, tick=False) as clock:
        busy = program(Scope.STOCK)

        def asked(times: int) -> Counter[int]:
            found: Counter[int] = Counter()
            for _ in range(times):
                monkeypatch.setattr(access, "DRAWN_HERE", next(processes))
                found[busy("stock").status_code] += 1
            return found

        assert asked(PER_MINUTE + 30) == {200: PER_MINUTE, 429: 30}
        clock.shift(60)
        assert asked(2 * access.DRAWN) == {200: 2 * access.DRAWN}


def test_who_asks_on_when_the_minute_is_used_up_writes_nothing(reader: Asker) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 8, 30, tzinfo=UTC), tick=False):
        for _ in range(PER_MINUTE + 1):
            reader("stock")
        with CaptureQueriesContext(connection) as asked:
            assert reader("stock").status_code == 429
        assert [one["sql"] for one in asked if "UPDATE" in one["sql"]] == []


def test_a_clock_that_was_ahead_leaves_no_token_closed(reader: Asker) -> None:
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=12), tick=False):
        for _ in range(PER_MINUTE):
            reader("stock")
        assert reader("stock").status_code == 429
    assert reader("stock").status_code == 200


def test_requests_that_a_scope_refuses_count_too(program: Callable[..., Asker]) -> None:
    at = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        nosy = program(Scope.STOCK)
        assert {nosy("lots").status_code for _ in range(PER_MINUTE)} == {403}
        assert nosy("lots").status_code == 429


def test_the_last_use_is_kept_to_the_minute(program: Callable[..., Asker]) -> None:
    at = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    with time_machine.travel(at, tick=False) as clock:
        reader = program(Scope.STOCK)
        for shift_s, noted in ((0, 0), (59, 0), (2, 61)):
            clock.shift(shift_s)
            reader("stock")
            token = Token.objects.get()
            assert token.last_used_at == at + timedelta(seconds=noted)


def test_the_token_itself_is_kept_nowhere(reader: Asker) -> None:
    kept = Token.objects.values().get()
    assert reader.secret not in str(kept)
    assert len(reader.secret) > len(reader.token.hint) + 32


@pytest.mark.parametrize("lasts", [timedelta(0), LONGEST + timedelta(seconds=1)])
def test_a_token_lasts_at_most_a_year(keeper: User, lasts: timedelta) -> None:
    now = timezone.now()
    with pytest.raises(Refused, match="до одного года"):
        issue(keeper, name="x", scopes=[Scope.LOTS], until=now + lasts, at=now)


def test_a_token_reads_something(keeper: User) -> None:
    now = timezone.now()
    with pytest.raises(Refused, match="Выберите, что токен читает"):
        issue(keeper, name="x", scopes=[], until=now + GIVEN, at=now)


@pytest.mark.parametrize("address", ["", "nothing", "lots/", "lots/1/trace/forward/x"])
def test_an_address_that_is_not_there_is_a_problem_too(reader: Asker, address: str) -> None:
    assert problem(reader(address)) == (404, "no_address")


def test_parameters_that_are_wrong_are_all_named(reader: Asker) -> None:
    answer = reader("lots", kind="meat", limit="0", before="-1")
    assert problem(answer) == (422, "wrong_parameters")
    named = {error["where"] for error in answer.json()["errors"]}
    assert named == {"query.kind", "query.limit", "query.before"}


def test_a_parameter_that_is_misspelt_or_there_twice_is_refused(reader: Asker) -> None:
    answer = reader("lots", limit=[1, 2], kinds="mix")
    assert problem(answer) == (422, "wrong_parameters")
    assert {error["where"]: error["why"] for error in answer.json()["errors"]} == {
        "query.limit": "Input should be given once",
        "query.kinds": "There is no such parameter",
    }
    assert reader("stock/raw_store", after=0, limit=1).status_code == 200
