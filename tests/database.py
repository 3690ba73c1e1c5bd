"""The test database, made once for one set of migrations: on SQLite a copy of a file that is
cached by the digest of what makes it. To migrate anew costs a run half a minute when busy."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAKERS = ("crm/*/migrations/*.py", "crm/triggers.py", "crm/fields.py", "crm/settings.py")


def digest() -> str:
    """Return what tells one set of migrations, of ours and of Django, from another."""
    found = hashlib.sha256(f"{version('django')} {sqlite3.sqlite_version}".encode())
    for pattern in MAKERS:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:24]


def cached() -> Path:
    """Return where the migrated database of this set of migrations is kept, for this user alone."""
    folder = Path(tempfile.gettempdir()) / f"meatbot-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{digest()}.sqlite3"


def take(target: str) -> bool:
    """Put a copy of the cached database where a run wants it; tell whether there is one."""
    source = cached()
    if not source.exists():
        return False
    shutil.copyfile(source, target)
    return True


def keep(made: str) -> None:
    """Keep a database that was just migrated, and drop those of earlier migrations."""
    target = cached()
    part = target.with_suffix(f".{os.getpid()}")
    part.unlink(missing_ok=True)
    with sqlite3.connect(made) as connection:
        connection.execute("VACUUM INTO ?", (str(part),))
    connection.close()
    part.replace(target)
    kept = sorted(target.parent.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)
    for old in kept[:-8]:
        old.unlink(missing_ok=True)
