"""Seals over rows: whatever is done to a sealed row or to a seal is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli import app
from crm.audit.models import Seal
from crm.audit.operations.seal import FIRST, digest_of, seal
from crm.audit.rows import said
from crm.audit.verify import Wrong, head, spans, verify
from crm.ledger.models import Event, Posting, StateHistory
from crm.production.models import RawBatch
from tests.crm.ledger.test_concurrency import at_once

HISTORY = "ledger_statehistory"
ROWS, A_SEAL = 12, 4  # of history


def wrong() -> set[Wrong]:
    """Verify by two ranges, as two processes do."""
    return {one for span in spans(2) for one in verify(*span)}


def change(at: datetime, number: int) -> None:
    StateHistory.objects.create(
        record="mix",
        record_id=str(number),
        from_state="queued",
        to_state="unpacking",
        transition="issue",
        reason=f"№ {number}",
        at=at,
    )


@pytest.fixture
def history(db: None, at: datetime) -> list[int]:
    """The ids of changes of states that were sealed in three seals."""
    for number in range(ROWS):
        change(at, number)
        if number % A_SEAL == A_SEAL - 1:
            assert seal(at + timedelta(minutes=number)) == 1
    assert wrong() == set()
    return sorted(StateHistory.objects.values_list("pk", flat=True))


def tampered(statement: str, *values: Any) -> None:
    """Do what no trigger allows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            for table in (HISTORY, "audit_seal", "ledger_event"):
                for verb in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_refuses_{verb}")
        cursor.execute(statement, values)


class Undone(Exception):
    """Leaves a transaction without what it did."""


def after(*acts: tuple[str, tuple[Any, ...]]) -> set[Wrong]:
    """Verify after some tampering, and take that back."""
    found: set[Wrong] = set()
    with pytest.raises(Undone), transaction.atomic():  # noqa: PT012 - one act and a look
        for statement, values in acts:
            tampered(statement, *values)
        found = wrong()
        raise Undone
    assert wrong() == set()
    return found


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=40,
)
@given(data=st.data())
def test_any_row_that_is_changed_removed_moved_or_put_in_is_named(
    history: list[int], data: st.DataObject
) -> None:
    pk, other = data.draw(st.permutations(history))[:2]
    act = data.draw(st.sampled_from(["change", "remove", "move", "put in"]))
    if act == "change":
        column, value = data.draw(
            st.sampled_from(
                [("reason", ""), ("to_state", "x"), ("at", "2020-01-01 00:00:00+00:00")]
            )
        )
        found = after((f"UPDATE {HISTORY} SET {column} = %s WHERE id = %s", (value, pk)))
        assert found == {Wrong("Строка изменена", HISTORY, pk)}
    elif act == "remove":
        found = after((f"DELETE FROM {HISTORY} WHERE id = %s", (pk,)))
        assert found == {Wrong("Строки больше нет", HISTORY, pk)}
    elif act == "move":
        swap = f"UPDATE {HISTORY} SET id = %s WHERE id = %s"
        found = after((swap, (0, pk)), (swap, (pk, other)), (swap, (other, 0)))
        assert found == {Wrong("Строка изменена", HISTORY, one) for one in (pk, other)}
    else:
        taken = f"DELETE FROM {HISTORY} WHERE id = %s"
        put = (
            f"INSERT INTO {HISTORY} (id, record, record_id, from_state, to_state, transition, "
            "reason, at) SELECT %s, record, record_id, from_state, to_state, transition, 'x', at "
            f"FROM {HISTORY} WHERE id = %s"
        )
        found = after((taken, (pk,)), (put, (pk, other)))
        assert found == {Wrong("Строка изменена", HISTORY, pk)}


def test_a_row_put_where_none_was_is_named(db: None, at: datetime) -> None:
    change(at, 1)
    seal(at)
    first = StateHistory.objects.get().pk
    with transaction.atomic():
        change(at, 2)
        transaction.set_rollback(True)  # its number is lost
    StateHistory.objects.create(pk=first + 5, record="mix", record_id="3", at=at)
    seal(at)
    assert wrong() == set()
    StateHistory.objects.create(pk=first + 2, record="mix", record_id="4", at=at)
    assert wrong() == {Wrong("Строка вставлена позже", HISTORY, first + 2)}


@pytest.mark.parametrize("at_row", [0, A_SEAL, ROWS - 1])
def test_a_row_moved_to_a_number_of_another_seal_is_named_there_and_where_it_was(
    history: list[int], at_row: int
) -> None:
    moved, other = history[at_row], history[at_row - A_SEAL]
    found = after(
        (f"DELETE FROM {HISTORY} WHERE id = %s", (other,)),
        (f"UPDATE {HISTORY} SET id = %s WHERE id = %s", (other, moved)),
    )
    assert found == {
        Wrong("Строка изменена", HISTORY, other),
        Wrong("Строки больше нет", HISTORY, moved),
    }


def test_two_rows_that_say_the_same_are_not_the_same_row(db: None, at: datetime) -> None:
    for _ in range(2):
        change(at, 1)
    first, second = StateHistory.objects.order_by("pk").values_list("pk", flat=True)
    sealed = dict(said(HISTORY, 0, second))
    assert sealed[first] != sealed[second]


@pytest.mark.parametrize("left_out", [1, 2])
def test_rows_between_two_seals_that_no_seal_has_are_named(
    history: list[int], left_out: int
) -> None:
    """Somebody writes the chain anew, every digest right, without one seal and what it sealed."""
    first, second, third = Seal.objects.order_by("number")
    chain = [one for one in (first, second, third) if one.number != left_out]
    acts: list[tuple[str, tuple[Any, ...]]] = [("DELETE FROM audit_seal", ())]
    digest = FIRST
    rows = f"DELETE FROM {HISTORY} WHERE id > %s AND id <= %s"
    taken = Seal.objects.get(number=left_out)
    acts.append((rows, (taken.after_id, taken.last_id)))
    for number, one in enumerate(chain, 1):
        one.number = number
        one.digest = digest = digest_of(one, digest)
        values = (one.number, one.table, one.after_id, one.last_id, one.rows, one.made_at, digest)
        columns = 'number, "table", after_id, last_id, rows, made_at, digest'
        acts.append(
            (f"INSERT INTO audit_seal ({columns}) VALUES ({', '.join(['%s'] * 7)})", values)
        )
    after_gap = left_out  # the seal that follows what is left out has its number now
    assert after(*acts) == {Wrong("Печать не та, что была поставлена", "audit_seal", after_gap)}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_seal_that_is_changed_or_taken_away_is_named(history: list[int], number: int) -> None:
    name = ("audit_seal", number)
    others = {"digest": FIRST, "last_id": 10**9, "made_at": "2020-01-01 00:00:00Z"}
    for column, value in others.items():
        found = after((f"UPDATE audit_seal SET {column} = %s WHERE number = %s", (value, number)))
        assert {one for one in found if one.table == "audit_seal"} >= {
            Wrong("Печать не та, что была поставлена", *name)
        }
    if number < 3:
        found = after(("DELETE FROM audit_seal WHERE number = %s", (number,)))
        assert Wrong("Нет печати", *name) in found


def test_what_an_event_says_is_sealed_with_its_lines(
    receive: Callable[..., RawBatch], at: datetime
) -> None:
    receive()
    assert seal(at)
    event = Event.objects.first()
    assert event is not None
    lines = Posting.objects.filter(event=event).values_list("pk", flat=True)
    pk = event.pk if connection.vendor == "postgresql" else event.pk.hex
    found = after(("UPDATE ledger_event SET reason = 'x' WHERE id = %s", (pk,)))
    assert found == {Wrong("Строка изменена", "ledger_posting", line) for line in lines}


def test_rows_wait_for_their_seal_and_are_counted(db: None, at: datetime) -> None:
    assert (head().digest, head().seals, head().unsealed) == (FIRST, 0, 0)
    for number in range(3):
        change(at, number)
    assert head().unsealed == 3
    assert seal(at) == 1
    assert (head().seals, head().unsealed) == (1, 0)
    assert seal(at) == 0


@pytest.mark.django_db(transaction=True)
def test_rows_of_eight_who_write_at_once_are_all_sealed_and_none_slips_in_later(
    at: datetime,
) -> None:
    ended = Flag()

    def sealing() -> None:
        while not ended.is_set():
            seal(at)
        connection.close()

    thread = Thread(target=sealing)
    thread.start()
    try:
        at_once(lambda number: change(at, number), range(300))
    finally:
        ended.set()
        thread.join()
    seal(at)
    assert (StateHistory.objects.count(), head().unsealed) == (300, 0)
    assert wrong() == set()


def test_the_command_names_the_row_and_a_head_that_is_no_longer_there(
    history: list[int],
) -> None:
    def ran(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["verify-audit", "--processes", "1", *arguments])
        return done.exit_code, done.output

    kept = head().digest
    assert ran("--head", kept)[0] == 0
    code, said = ran("--head", uuid4().hex)
    assert code == 1
    assert "в цепи нет" in said
    tampered(f"DELETE FROM {HISTORY} WHERE id = %s", history[5])
    code, said = ran()
    assert code == 1
    assert f"Строки больше нет: {HISTORY} {history[5]}" in said
    assert Seal.objects.count() == 3
