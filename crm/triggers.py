"""SQL of triggers for both databases, for migrations: what must never be changed cannot be, by
anybody.

Django rebuilds a table on SQLite to alter it and loses the triggers on the way: a migration that
alters a table with
triggers must make them again. `tests/crm/ledger/test_append_only.py` fails when one is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations


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
