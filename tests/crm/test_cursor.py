"""Statements that are compiled once go by one cursor, which is that of the open connection."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.cursor import cursor_of


@pytest.mark.django_db
def test_one_cursor_sends_statement_after_statement() -> None:
    first = cursor_of(connection)
    first.execute("SELECT 1")
    assert first.fetchall() == [(1,)]
    assert cursor_of(connection) is first


@pytest.mark.django_db
def test_a_log_of_statements_sees_each() -> None:
    with CaptureQueriesContext(connection) as asked:
        cursor_of(connection).execute("SELECT 1")
    assert [one["sql"] for one in asked] == ["SELECT 1"]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_opened_anew_has_its_own() -> None:
    before = cursor_of(connection)
    connection.close()
    after = cursor_of(connection)
    after.execute("SELECT 2")
    assert (after is before, after.fetchall()) == (False, [(2,)])


@pytest.mark.django_db(transaction=True)
def test_each_thread_has_its_own() -> None:
    mine, others = cursor_of(connection), []

    def look() -> None:
        others.append(cursor_of(connection))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert others[0] is not mine


@pytest.mark.django_db
def test_values_are_bound_whatever_the_driver_calls_their_places() -> None:
    cursor = cursor_of(connection)
    for value in ("a", "b"):
        cursor.execute("SELECT %s, '%%s', '%%'", [value])
        assert cursor.fetchall() == [(value, "%s", "%")]
    for value in ("c", "d"):
        cursor.execute("SELECT %(it)s", {"it": value})
        assert cursor.fetchall() == [(value,)]


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_sqlite_writes_a_statement_once_in_its_own_way() -> None:
    driver = cursor_of(connection).cursor
    first = driver.convert_query("SELECT %s AS once")
    assert first == "SELECT ? AS once"
    assert driver.convert_query("SELECT %s AS once") is first
