"""Rows in bulk by SQL that both databases understand: without triggers, foreign keys and secondary
indexes while they are written, and one record of Django's as the pattern of thousands.

Start at `bulk` and `copies`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, models

MEMORY = ("maintenance_work_mem", "work_mem")


@contextmanager
def bulk(*tables: str) -> Iterator[None]:
    """Write tables, named by LIKE patterns, without triggers, keys and secondary indexes; they are
    all there again afterwards."""
    wanted = " OR ".join(f"{{table}} LIKE '{one}'" for one in tables)
    postgresql = connection.vendor == "postgresql"
    if postgresql:
        made = rows(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND "
            f"({wanted.format(table='tablename')}) "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
        run("SET session_replication_role = replica")
        for name in MEMORY:  # indexes and joins of millions of rows without files in between
            run(f"SET {name} = '512MB'")
    else:
        run("PRAGMA foreign_keys = OFF")
        made = rows(
            f"SELECT name, sql FROM sqlite_master WHERE ({wanted.format(table='tbl_name')}) "
            "AND type = 'index' AND sql IS NOT NULL AND sql NOT LIKE '%UNIQUE%'"
        )
        triggers = rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, _ in triggers:
            run(f'DROP TRIGGER "{name}"')
    for name, _ in made:
        run(f'DROP INDEX "{name}"')
    yield
    for _, definition in made:
        run(definition)
    if postgresql:
        run("SET session_replication_role = origin")
        for name in MEMORY:
            run(f"RESET {name}")
    else:
        for _, definition in triggers:
            run(definition)
        run("PRAGMA foreign_keys = ON")


def copies(template: models.Model, source: str, **columns: str) -> None:
    """Write rows like one that Django made, which stays: columns as SQL over a source (what stands
    after FROM and a comma: `ledger_lot l WHERE …`), the rest as they are in it."""
    template.save()
    table = template._meta.db_table
    names = [
        str(one.column)
        for one in template._meta.concrete_fields
        if not one.primary_key or one.column in columns
    ]
    chosen = ", ".join(columns.get(name, f't."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    joined = f"(SELECT * FROM {table} WHERE id = {literal(template.pk)}) t, {source}"
    run(f"INSERT INTO {table} ({quoted}) SELECT {chosen} FROM {joined}")


def number_on(*tables: str) -> None:
    """Let PostgreSQL go on after the numbers that were written; SQLite does by itself."""
    for table in tables:
        if connection.vendor == "postgresql":
            run(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")


def literal(value: object) -> str:
    """Return a number or an id as SQL, as the database keeps it."""
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return f"'{text}'" if connection.vendor == "postgresql" else f"'{text.replace('-', '')}'"


def unique() -> str:
    """Return SQL for a new UUID."""
    postgresql = connection.vendor == "postgresql"
    return "gen_random_uuid()" if postgresql else "lower(hex(randomblob(16)))"


def numbered_uuid(number: str) -> str:
    """Return SQL for the UUID that is a number, an expression."""
    if connection.vendor == "postgresql":
        return f"lpad(to_hex({number}), 32, '0')::uuid"
    return f"printf('%032x', {number})"


def before(at: datetime, seconds: str) -> str:
    """Return SQL for the moment that is so many seconds, an expression, before another one."""
    if connection.vendor == "postgresql":
        return f"(TIMESTAMPTZ '{at.isoformat()}' - ({seconds}) * INTERVAL '1 second')"
    return f"datetime('{at:%Y-%m-%d %H:%M:%S}', '-' || ({seconds}) || ' seconds')"


def day_before(at: datetime, days: str) -> str:
    """Return SQL for the day that is so many days, an expression, before that of a moment."""
    if connection.vendor == "postgresql":
        return f"(DATE '{at:%Y-%m-%d}' - ({days})::int)"
    return f"date('{at:%Y-%m-%d}', '-' || ({days}) || ' days')"


def one_of(expression: str, values: list[int]) -> str:
    """Return SQL that takes a value by an expression: the same as often as the others."""
    cases = " ".join(f"WHEN {at} THEN {value}" for at, value in enumerate(values))
    return f"CASE ({expression}) % {len(values)} {cases} END"


def run(statement: str) -> None:
    """Run a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def rows(query: str) -> list[tuple[str, str]]:
    """Return what a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[str, str]] = cursor.fetchall()
        return found
