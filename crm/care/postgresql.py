"""PostgreSQL copied by its own programs, `pg_dump` and `pg_restore`: they know every kind of object
of every version, which a dump of our own would not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from crm.care.copies import STAYS, CareError, Census, Told

ASIDE = "before_restore"  # the schema that a restore puts aside until it has succeeded
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


class PostgresCopies:
    """The schema `public` of a PostgreSQL database."""

    engine, file = "postgresql", "database.dump"

    def __init__(self, url: str) -> None:
        self._url = url

    def save(self, path: Path, told: Told) -> Census:
        """Write the database as one moment sees it: the rows are counted at the same one."""
        del told  # pg_dump does not say how far it is
        with self._connected() as server:
            server.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            row = server.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None
            found = _census(server)
            wanted = (f"--snapshot={row[0]}", "--format=custom", "--schema=public")
            without = ("--no-owner", "--no-privileges", f"--exclude-table-data=public.{STAYS}")
            self._run("pg_dump", *wanted, *without, f"--file={path}")
        if STAYS in found.tables:
            found.tables[STAYS] = 0
        return found

    def load(self, path: Path, told: Told) -> None:
        """Replace the schema. The one of before is put aside and comes back when that fails; what
        a restore that was killed has put aside comes back first."""
        del told
        with self._connected(autocommit=True) as server:
            others = server.execute(_OTHERS).fetchone()
            if others and others[0]:
                raise CareError(
                    f"С базой данных работают ещё {others[0]} подключений: "
                    "остановите бота, офис и рабочие процессы и повторите"
                )
            if server.execute("SELECT to_regnamespace(%s)", [ASIDE]).fetchone() != (None,):
                _bring_back(server)
            server.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
            try:
                # The file makes the schema itself where it has rights of its own.
                server.execute("CREATE SCHEMA public")
                wanted = (
                    "--no-owner",
                    "--no-privileges",
                    "--single-transaction",
                    "--schema=public",
                )
                self._run("pg_restore", *wanted, "--exit-on-error", self._named(), str(path))
            except BaseException:
                _bring_back(server)
                raise
            with server.transaction():
                server.execute(f"DROP SCHEMA {ASIDE} CASCADE")
            server.execute("ANALYZE")

    def census(self) -> Census:
        """Count what stands in it."""
        with self._connected() as server:
            return _census(server)

    def _named(self) -> str:
        """Name the database without its password, which every user of the machine would see."""
        parts = urlsplit(self._url)
        user, _, host = parts.netloc.rpartition("@")
        bare = f"{user.partition(':')[0]}@{host}" if user else host
        return f"--dbname={urlunsplit(parts._replace(netloc=bare))}"

    def _run(self, program: str, *arguments: str) -> None:
        found = shutil.which(program)
        if found is None:
            raise CareError(
                f"Нет программы {program}: поставьте postgresql-client версии сервера или новее"
            )
        named = () if program == "pg_restore" else (self._named(),)
        password = unquote(urlsplit(self._url).password or "")
        secret = {"PGPASSWORD": password} if password else {}
        done = subprocess.run(  # noqa: S603 - found on PATH, with our own arguments
            [found, *named, *arguments],
            env=os.environ | secret,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CareError(f"{program}: {done.stderr.strip()}")

    @contextmanager
    def _connected(self, *, autocommit: bool = False) -> Iterator[psycopg.Connection]:
        try:
            with psycopg.connect(self._url, autocommit=autocommit) as server:
                yield server
        except psycopg.OperationalError as error:
            raise CareError(f"База данных не отвечает (DATABASE_URL): {error}") from error


def _bring_back(server: psycopg.Connection) -> None:
    with server.transaction():
        server.execute("DROP SCHEMA IF EXISTS public CASCADE")
        server.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")


def _census(server: psycopg.Connection) -> Census:
    tables = {}
    for (name,) in server.execute(_TABLES).fetchall():
        count = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))
        row = server.execute(count).fetchone()
        tables[str(name)] = int(row[0]) if row else 0
    made = "SELECT app || '.' || name FROM public.django_migrations ORDER BY 1"
    known = server.execute(made).fetchall() if "django_migrations" in tables else []
    return Census(tables=tables, migrations=[name for (name,) in known])
