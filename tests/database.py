"""Migrated databases for tests, made once for one set of migrations and copied from then on: to
migrate costs some ten seconds, a copy a tenth of one. One is empty; with the other people worked
before it was migrated on (`crm/moved.py`).

Both are kept between runs: a file on SQLite, on PostgreSQL the folder of a server with both
in it, by which `make test` begins. Another server makes one when it is first asked for.
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
MAKERS = (
    *("crm/*/migrations/*.py", "crm/triggers.py", "crm/fields.py", "crm/settings.py"),
    "tests/crm/moved.py",
)
KEPT = 16  # files of earlier migrations: branches take turns
KEPT_SERVERS = 3  # folders of a PostgreSQL, for the same; each has a hundred megabytes
# Folders whose tests touch no database: they go with the run on PostgreSQL, which is the shorter
# one, and that on SQLite does not read them.
WITHOUT = ("tests/bakery", "tests/bench", "tests/engine", "tests/simulator")
TEMPLATE, MOVED, UNFINISHED = "meatbot_template", "meatbot_moved", "meatbot_unfinished"
COMMANDS = {
    TEMPLATE: ("cli.py", "manage", "migrate", "-v", "0"),
    MOVED: ("-m", "tests.crm.moved"),
}


def copy(url: str, target: str, what: str = TEMPLATE) -> None:
    """Make a migrated database `target`: a file, or a new database of the PostgreSQL of `url`,
    where it takes the place of one of that name. Raises CalledProcessError when the migrations
    fail."""
    if not url.startswith("postgres"):
        shutil.copyfile(kept(what), target)
        return
    source = template(url, what)
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


def kept(what: str = TEMPLATE) -> Path:
    """Return a migrated file of this set of migrations, for this user alone."""
    folder = _home()
    target = folder / f"{digest()}-{what}.sqlite3"
    with _alone(target.with_suffix(".lock")):
        if not target.exists():
            part = target.with_suffix(".part")
            part.unlink(missing_ok=True)
            _make(f"sqlite:///{part}", what)
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
    """Return the data of a PostgreSQL that has the databases of this set of migrations in it and
    that nobody runs, for this user alone: a copy of it costs a second, to make it thirty."""
    folder = _home()
    target = folder / f"{digest()}-{servers.postgres_version()}"
    with _alone(folder / "postgres.lock"):
        if not target.exists():
            part = folder / "postgres.part"
            shutil.rmtree(part, ignore_errors=True)
            with servers.folder_of("made") as made:
                with servers.postgres(kept=made) as url:
                    for what in COMMANDS:
                        template(url, what)
                servers.copied(made / servers.DATA, part)
            part.replace(target)
            for old in sorted(folder.glob("*-postgres*"), key=os.path.getmtime)[:-KEPT_SERVERS]:
                shutil.rmtree(old)
    return target


def _home() -> Path:
    folder = Path(tempfile.gettempdir()) / f"meatbot-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def template(url: str, what: str = TEMPLATE) -> str:
    """Return the name of a migrated database of a PostgreSQL."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(1)")  # until this connection ends
        there = "SELECT 1 FROM pg_database WHERE datname = %s"
        if server.execute(there, [what]).fetchone() is None:
            server.execute(f"DROP DATABASE IF EXISTS {UNFINISHED} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {UNFINISHED}")
            _make(named(url, UNFINISHED), what)
            server.execute(f"ALTER DATABASE {UNFINISHED} RENAME TO {what}")
    return what


def _make(url: str, what: str) -> None:
    """Migrate in a process of its own: this one may be in the middle of a test."""
    command = [sys.executable, *COMMANDS[what]]
    own = {"DATABASE_URL": url, "MEATBOT_DEMO": "1", "DJANGO_SETTINGS_MODULE": "crm.settings"}
    subprocess.run(command, cwd=ROOT, env=os.environ | own, check=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of a file."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
