"""The plant emptied of what it has done (domain 11.6): reference data, people, settings, versions
of the forms and the audit trail stay, and where it is asked for shipments with all behind them
(`kept.py`). Start at `held` for what would go, `emptied` does it.

Books are sealed: what went is written down among corrected values, and `verify-audit` asks for no
sealed row that a reset took. Stored files stay in their store, without the rows that named them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Max, Model

from crm.audit.models import ValueChange
from crm.audit.rows import RESET, TABLES
from crm.care.kept import BALANCES, kept
from crm.jobs import queue
from crm.ledger.verify import verify
from engine.errors import EngineError

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
QUEUED = "очередь фоновой работы"
GOES = frozenset({"office_asked", "office_making"})  # of other apps: about records that are gone


def going() -> list[type[Model]]:
    """Return the models whose rows a reset takes."""
    found = apps.get_models(include_auto_created=True)
    return [one for one in found if _goes(one._meta.app_label, one._meta.db_table)]


def _goes(app: str, table: str) -> bool:
    return table in GOES or (app in WORKS and table not in STAYS)


@transaction.atomic
def held(*, shipments: bool = False) -> dict[str, int]:
    """Count what would go, by what it is called; `shipments` and all behind them stay."""
    with _staying(shipments) as stays:
        counts = {
            str(one._meta.verbose_name_plural): _count(one._meta.db_table, stays)
            for one in going()
            if not one._meta.auto_created
        }
    counts[QUEUED] = queue.held()
    return {name: count for name, count in sorted(counts.items()) if count}


@transaction.atomic
def emptied(now: datetime, *, shipments: bool = False) -> int:
    """Take all rows of the plant's work, whatever guards them, but for `shipments` and all behind
    them, and keep how far sealed tables went; return how many rows went.

    Raises EngineError, with nothing taken, when the books of what stays would not be true."""
    models = going()
    tables = [one._meta.db_table for one in models]
    with _staying(shipments) as stays:
        count = queue.held() + sum(_count(table, stays) for table in tables)
        for table in TABLES:
            model = next((one for one in models if one._meta.db_table == table), None)
            if model is not None:
                _keep(table, model._base_manager.aggregate(last=Max("pk"))["last"], now)
        _empty(tables, stays)
    queue.clear()
    wrong = [f"{one.title}: {', '.join(one.examples)}" for one in verify() if one.count]
    if wrong:
        raise EngineError("\n".join(["Книги того, что осталось бы, не сходятся:", *wrong]))
    return count


def _staying(shipments: bool) -> AbstractContextManager[Mapping[str, str]]:
    """Give by table which of its rows stay, as a condition; the others go whole."""
    return kept() if shipments else nullcontext({})


def _going(table: str, stays: Mapping[str, str]) -> str:
    """Return what of a table goes, as the end of a statement."""
    name = connection.ops.quote_name(table)
    return f"FROM {name} WHERE ({stays[table]}) IS NOT TRUE" if table in stays else f"FROM {name}"


def _count(table: str, stays: Mapping[str, str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_going(table, stays)}")
        return int(cursor.fetchone()[0])


def _keep(table: str, last: int | None, now: datetime) -> None:
    if last is not None:
        ValueChange.objects.create(record=RESET, record_id=table, field="id", new=last, at=now)


def _empty(tables: list[str], stays: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not stays:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits is asked while rows stand
            quoted = map(connection.ops.quote_name, tables)
            cursor.execute(f"TRUNCATE {', '.join(quoted)}")  # fires no trigger of a row
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        with _unguarded(tables):
            for table in tables:
                cursor.execute(f"DELETE {_going(table, stays)}")
            if stays:
                cursor.execute(BALANCES)


@contextmanager
def _unguarded(tables: list[str]) -> Iterator[None]:
    """Put the triggers of tables aside and back within the transaction; keys are asked for what
    they point to all the same, when all is done."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table with questions is altered
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        cursor.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        guards = [(name, sql) for name, sql, table in cursor.fetchall() if table in tables]
        for name, _ in guards:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        yield
        for _, sql in guards:
            cursor.execute(sql)
