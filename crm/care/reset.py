"""The plant emptied of what it has done (domain 11.6): reference data, people, settings, versions
of the forms and the audit trail stay. Start at `held` for what would go, `emptied` does it.

Books are sealed: what went is written down among corrected values, and `verify-audit` asks for no
sealed row that a reset took. Stored files stay in their store, without the rows that named them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Max, Model

from crm.audit.models import ValueChange
from crm.audit.rows import RESET, TABLES

WORKS = ("documents", "jobs", "ledger", "outbox", "production", "quality", "work")  # apps
STAYS = frozenset(  # of those: history, settings, forms, who may ask Telegram
    {
        "ledger_statehistory",
        "quality_limitversion",
        "work_lease",
        "work_proposal",
        "work_version",
        "work_versionfile",
    }
)
GOES = frozenset({"office_asked", "office_making"})  # of other apps: about records that are gone


def going() -> list[type[Model]]:
    """Return the models whose rows a reset takes."""
    found = apps.get_models(include_auto_created=True)
    return [one for one in found if _goes(one._meta.app_label, one._meta.db_table)]


def _goes(app: str, table: str) -> bool:
    return table in GOES or (app in WORKS and table not in STAYS)


def held() -> dict[str, int]:
    """Count what would go, by what it is called."""
    counts = {
        str(one._meta.verbose_name_plural): one._base_manager.count()
        for one in going()
        if not one._meta.auto_created
    }
    return {name: count for name, count in sorted(counts.items()) if count}


@transaction.atomic
def emptied(now: datetime) -> int:
    """Take all rows of the plant's work, whatever guards them, and keep how far sealed tables went;
    return how many rows went."""
    models = going()
    count = sum(one._base_manager.count() for one in models)
    for table in TABLES:
        model = next((one for one in models if one._meta.db_table == table), None)
        if model is not None:
            _keep(table, model._base_manager.aggregate(last=Max("pk"))["last"], now)
    _empty([one._meta.db_table for one in models])
    return count


def _keep(table: str, last: int | None, now: datetime) -> None:
    if last is not None:
        ValueChange.objects.create(record=RESET, record_id=table, field="id", new=last, at=now)


def _empty(tables: list[str]) -> None:
    quoted = [connection.ops.quote_name(table) for table in tables]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits is asked while rows stand
            cursor.execute(f"TRUNCATE {', '.join(quoted)}")  # fires no trigger of a row
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        with _unguarded(tables):
            for table in quoted:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - tables of ours


@contextmanager
def _unguarded(tables: list[str]) -> Iterator[None]:
    """Put the triggers of tables of SQLite aside and back within the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        guards = [(name, sql) for name, sql, table in cursor.fetchall() if table in tables]
        for name, _ in guards:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        yield
        for _, sql in guards:
            cursor.execute(sql)
