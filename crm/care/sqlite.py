"""SQLite copied by its own backup API, also while others write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crm.care.copies import STAYS, CareError, Census, Told

PAGES = 4096  # a step of the copy: 16 MiB
BUSY_S = 5.0
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


class SqliteCopies:
    """The file of a SQLite database."""

    engine, file = "sqlite", "database.sqlite3"

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, path: Path, told: Told) -> Census:
        """Write the database as it is at one moment: an open reading keeps the copy from beginning
        anew whenever somebody writes."""
        if not self._path.is_file():
            raise CareError(f"Нет файла базы данных {self._path}: проверьте DATABASE_URL")
        with _words(), closing(_reading(self._path)) as source, closing(_opened(path)) as target:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(target, pages=PAGES, progress=_progress(told))
            target.execute("PRAGMA journal_mode = DELETE")  # one file, no journal beside it
            found = target.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise CareError(f"База данных повреждена: {found}. Верните последнюю целую копию")
            if STAYS in _census(target).tables:
                target.execute("PRAGMA secure_delete = ON")  # not only forgotten, but written over
                target.execute(f"DELETE FROM {STAYS}")  # noqa: S608 - our own name
            return _census(target)

    def load(self, path: Path, told: Told) -> None:
        """Replace the database in one transaction of its own."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with _words(), closing(_reading(path)) as source, closing(_opened(self._path)) as target:
            source.backup(target, pages=PAGES, progress=_progress(told))

    def census(self) -> Census:
        """Count what stands in it."""
        if not self._path.is_file():
            return Census(tables={}, migrations=[])
        with _words(), closing(_reading(self._path)) as source:
            return _census(source)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)


def _reading(path: Path) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)


def _progress(told: Told):  # type: ignore[no-untyped-def] # of sqlite3
    return lambda _status, remaining, total: told(total - remaining, total)


def _census(source: sqlite3.Connection) -> Census:
    names = sorted(name for (name,) in source.execute(_TABLES))
    tables = {
        name: source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - its own
        for name in names
    }
    made = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
    known = source.execute(made) if "django_migrations" in tables else ()
    return Census(tables=tables, migrations=[name for (name,) in known])


@contextmanager
def _words() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise CareError(
            f"База данных не даётся ({error}): остановите бота и офис и повторите"
        ) from error
    except sqlite3.DatabaseError as error:
        raise CareError(f"Это не база SQLite или она повреждена: {error}") from error
