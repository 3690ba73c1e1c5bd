"""SQL of triggers for both databases, for migrations: what must never be changed cannot be, by
anybody.

Django rebuilds a table on SQLite to alter it and loses the triggers on the way: a migration that
alters a table with triggers does it `around` its guard. `tests/crm/ledger/test_append_only.py`
fails when a trigger is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation


class VendorSQL(migrations.RunPython):
    """Statements that differ between the two databases; run forwards only where the engine
    matches."""

    reduces_to_sql = False

    def __init__(
        self,
        sqlite: list[str],
        postgresql: list[str],
        undo_sqlite: list[str],
        undo_postgresql: list[str],
    ) -> None:
        self.sqlite = sqlite
        super().__init__(
            _runner({"sqlite": sqlite, "postgresql": postgresql}),
            _runner({"sqlite": undo_sqlite, "postgresql": undo_postgresql}),
        )


def _runner(statements: dict[str, list[str]]) -> Callable[[Any, Any], None]:
    def run(_apps: Any, editor: Any) -> None:
        for statement in statements[editor.connection.vendor]:
            # Without parameters the percent signs of the SQL stay as they are.
            editor.execute(statement, params=None)

    return run


def append_only(table: str) -> VendorSQL:
    """Make a table refuse UPDATE and DELETE with the error «<table> is append-only»."""
    text = f"{table} is append-only"
    function = f"{table}_refuses"
    sqlite = [
        f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{text}'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    postgresql = [
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {function} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
    ]
    return VendorSQL(
        sqlite,
        postgresql,
        [f"DROP TRIGGER {table}_refuses_{verb}" for verb in ("update", "delete")],
        [f"DROP TRIGGER {function} ON {table}", f"DROP FUNCTION {function}()"],
    )


def never_deleted(table: str) -> VendorSQL:
    """Make a table refuse DELETE with the error «<table> is never deleted from»."""
    text = f"{table} is never deleted from"
    function = f"{table}_stays"
    return VendorSQL(
        [
            f"CREATE TRIGGER {function} BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END"
        ],
        [
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {function} BEFORE DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()",
        ],
        [f"DROP TRIGGER {function}"],
        [f"DROP TRIGGER {function} ON {table}", f"DROP FUNCTION {function}()"],
    )


EDITION_TURNS = VendorSQL(
    [],
    [
        "CREATE FUNCTION catalogue_edition_turns() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO catalogue_edition (name, mark) "
        "VALUES (TG_TABLE_NAME, replace(gen_random_uuid()::text, '-', '')) "
        "ON CONFLICT (name) DO UPDATE SET mark = EXCLUDED.mark; RETURN NULL; END $$",
    ],
    [],
    ["DROP FUNCTION catalogue_edition_turns()"],
)


def turns_edition(table: str) -> VendorSQL:
    """Give a table a mark in `catalogue_edition`, and make every write to the table turn it into
    another one. On SQLite by statements that no «OR IGNORE» of the write can keep from it."""
    mark = "lower(hex(randomblob(16)))"
    of_it = f"WHERE name = '{table}'"
    missing = f"WHERE NOT EXISTS (SELECT 1 FROM catalogue_edition {of_it})"  # noqa: S608 - of ours
    first = f"INSERT INTO catalogue_edition (name, mark) SELECT '{table}', {mark} {missing}"
    turned = f"UPDATE catalogue_edition SET mark = {mark} {of_it}"  # noqa: S608 - of ours
    trigger = f"{table}_turns_edition"
    forget = f"DELETE FROM catalogue_edition {of_it}"  # noqa: S608 - of ours
    return VendorSQL(
        [
            *(
                f"CREATE TRIGGER {trigger}_by_{verb.lower()} AFTER {verb} ON {table} "
                f"BEGIN {turned}; {first}; END"
                for verb in ("INSERT", "UPDATE", "DELETE")
            ),
            first,
        ],
        [
            f"CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION catalogue_edition_turns()",
            f"INSERT INTO catalogue_edition (name, mark) "  # noqa: S608 - of ours
            f"VALUES ('{table}', replace(gen_random_uuid()::text, '-', ''))",
        ],
        [*(f"DROP TRIGGER {trigger}_by_{verb}" for verb in ("insert", "update", "delete")), forget],
        [f"DROP TRIGGER {trigger} ON {table}", forget],
    )


def around(guard: VendorSQL, *operations: Operation) -> list[Operation]:
    """Return operations that alter a guarded table with what brings its triggers back on SQLite,
    forwards and backwards."""
    back = guard.sqlite
    return [VendorSQL([], [], back, []), *operations, VendorSQL(back, [], [], [])]


def set_once(table: str, column: str, kept: Sequence[str]) -> VendorSQL:
    """Make a table refuse DELETE, and every UPDATE but the one that fills an empty `column` and
    leaves the columns `kept` as they are."""
    text = f"of {table} only {column} is set, once"
    function = f"{table}_is_set_once"
    same = " AND ".join(f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}" for name in kept)
    allowed = f"OLD.{column} IS NULL AND NEW.{column} IS NOT NULL AND {same}"
    raised = f"RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation';"
    return VendorSQL(
        [
            f"CREATE TRIGGER {function} BEFORE UPDATE ON {table} "
            f"WHEN NOT ({allowed.replace('IS NOT DISTINCT FROM', 'IS')}) "
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END",
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END",
        ],
        [
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' THEN {raised} END IF; "
            f"IF NOT ({allowed}) THEN {raised} END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {function} BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()",
        ],
        [f"DROP TRIGGER {function}", f"DROP TRIGGER {table}_stays"],
        [f"DROP TRIGGER {function} ON {table}", f"DROP FUNCTION {function}()"],
    )


def lots_of_batches(table: str) -> VendorSQL:
    """Fill `lot_id` of a table with the lots of its `raw_batch_id`. On PostgreSQL the deferred
    checks run at once: a table with pending ones cannot be altered."""
    copy = (
        f"UPDATE {table} SET lot_id = (SELECT batch.lot_id FROM production_rawbatch batch "  # noqa: S608 - a table of ours
        f"WHERE batch.id = {table}.raw_batch_id) WHERE raw_batch_id IS NOT NULL"
    )
    at_once = ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"]
    return VendorSQL([copy], [copy, *at_once], [], [])
