"""Django made ready for a command: what is wrong with the set-up is said in words, without a
trace."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

SET_UP = 2  # exit code


def ready(*, rows: bool = False) -> None:
    """Make Django ready; with `rows`, only over a database that has its tables. Ends the command
    with a line for the operator when that cannot be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django  # noqa: PLC0415 - heavy
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        django.setup()
    except ImproperlyConfigured as error:
        _end(f"{error}\nПеременные описаны в .env.example; учебный завод: MEATBOT_DEMO=1")
    if rows:
        _look_at_tables()


@contextmanager
def answering() -> Iterator[None]:
    """End the command with a line for the operator when the database does not answer."""
    from django.db import OperationalError  # noqa: PLC0415 - heavy

    try:
        yield
    except OperationalError as error:
        _end(f"База данных не отвечает (DATABASE_URL): {str(error).strip()}")


def _look_at_tables() -> None:
    from django.db import connection  # noqa: PLC0415 - heavy
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    with answering():
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        _end(
            "В базе данных нет нужных таблиц. Создайте их: cli.py manage migrate, потом cli.py seed"
        )


def _end(words: str) -> NoReturn:
    sys.stderr.write(f"{words}\n")
    raise SystemExit(SET_UP)
