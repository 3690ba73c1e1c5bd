"""Migrated databases for tests, made once for one set of migrations and copied from then on: to
migrate costs some ten seconds, a copy a tenth of one.

Both are kept between runs: a file on SQLite, on PostgreSQL the folder of a server with a template
in it, by which `make test` begins. Another server makes the template when it is first asked for.
Whoever asks first makes it; who asks meanwhile waits."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import servers

ROOT = Path(__file__).resolve().parents[1]
MAKERS = ("crm/*/migrations/*.py", "crm/triggers.py", "crm/fields.py", "crm/settings.py")
KEPT = 8  # files of earlier migrations: branches take turns
KEPT_SERVERS = 3  # folders of a PostgreSQL, for the same; each has a hundred megabytes
# Folders whose tests touch no database: they go with the run on PostgreSQL, which is the shorter
# one, and that on SQLite does not read them.
WITHOUT = ("tests/bakery", "tests/bench", "tests/engine", "tests/simulator")
TEMPLATE, UNFINISHED = "meatbot_template", "meatbot_unfinished"


def copy(url: str, target: str) -> None:
    """Make a migrated database `target`: a file, or a new database of the PostgreSQL of `url`,
    where it takes the place of one of that name. Raises CalledProcessError when the migrations
    fail."""
    if not url.startswith("postgres"):
        shutil.copyfile(kept(), target)
        return
    source = template(url)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{target}" TEMPLATE {source}')


def drop(url: str, target: str) -> None:
    """Delete a database that `copy` made."""
    if not url.startswith("postgres"):
        for rest in ("", "-wal", "-shm"):
            Path(target + rest).unlink(missing_ok=True)
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{target}" WITH (FORCE)')


def named(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def digest() -> str:
    """Return what tells one set of migrations, of ours and of Django, from another."""
    found = hashlib.sha256(f"{version('django')} {sqlite3.sqlite_version}".encode())
    for pattern in MAKERS:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:24]


def kept() -> Path:
    """Return the migrated file of this set of migrations, for this user alone."""
    folder = _home()
    target = folder / f"{digest()}.sqlite3"
    with _alone(target.with_suffix(".lock")):
        if not target.exists():
            part = target.with_suffix(".part")
            part.unlink(missing_ok=True)
            _migrate(f"sqlite:///{part}")
            # The journal beside the file is no part of a copy: fold it in.
            with sqlite3.connect(part) as connection:
                connection.execute("PRAGMA journal_mode = DELETE")
            connection.close()
            part.replace(target)
            for old in sorted(folder.glob("*.sqlite3"), key=os.path.getmtime)[:-KEPT]:
                old.unlink(missing_ok=True)
                old.with_suffix(".lock").unlink(missing_ok=True)
    return target


def cluster() -> Path:
    """Return the data of a PostgreSQL that has the template of this set of migrations in it and
    that nobody runs, for this user alone: a copy of it costs a second, to make it fifteen."""
    folder = _home()
    target = folder / f"{digest()}-{servers.postgres_version()}"
    with _alone(folder / "postgres.lock"):
        if not target.exists():
            part = folder / "postgres.part"
            shutil.rmtree(part, ignore_errors=True)
            with servers.folder_of("made") as made:
                with servers.postgres(kept=made) as url:
                    template(url)
                servers.copied(made / servers.DATA, part)
            part.replace(target)
            for old in sorted(folder.glob("*-postgres*"), key=os.path.getmtime)[:-KEPT_SERVERS]:
                shutil.rmtree(old)
    return target


def _home() -> Path:
    folder = Path(tempfile.gettempdir()) / f"meatbot-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def template(url: str) -> str:
    """Return the name of the migrated database of a PostgreSQL."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(1)")  # until this connection ends
        there = "SELECT 1 FROM pg_database WHERE datname = %s"
        if server.execute(there, [TEMPLATE]).fetchone() is None:
            server.execute(f"DROP DATABASE IF EXISTS {UNFINISHED} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {UNFINISHED}")
            _migrate(named(url, UNFINISHED))
            server.execute(f"ALTER DATABASE {UNFINISHED} RENAME TO {TEMPLATE}")
    return TEMPLATE


def _migrate(url: str) -> None:
    """Migrate in a process of its own: this one may be in the middle of a test."""
    command = [sys.executable, "cli.py", "manage", "migrate", "-v", "0"]
    own = {"DATABASE_URL": url, "MEATBOT_DEMO": "1", "DJANGO_SETTINGS_MODULE": "crm.settings"}
    subprocess.run(command, cwd=ROOT, env=os.environ | own, check=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of a file."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
