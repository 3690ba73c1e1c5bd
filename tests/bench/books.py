"""Databases with years of a plant in them, kept between runs under the folder for temporary files
by the digest of what made them: generators, migrations, sizes. Start at `kept`.

`python -m tests.bench.books LOTS POSTINGS SEED FOLDER` fills the one of DATABASE_URL."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import database, servers
from tests.bench.row import Size

HERE = Path(__file__).parent
MADE_BY = ("plant_rows.py", "bulk.py", "office_rows.py")
SIZES = {"sqlite": (100_000, 1_000_000), "postgres": (1_000_000, 10_000_000)}  # lots, postings
FILE = "rows.sqlite3"
QUICK = (8_000, 40_000)


def size_of(engine: str, size: Size) -> tuple[int, int, int]:
    """Return lots, postings and seed of a run."""
    lots, postings = QUICK if size.quick else SIZES[engine]
    return lots, postings, size.seed


def digest(engine: str, lots: int, postings: int, seed: int) -> str:
    """Return what names a generated database."""
    made = hashlib.sha256()
    for name in MADE_BY:
        made.update((HERE / name).read_bytes())
    for path in sorted(HERE.parents[1].glob("crm/*/migrations/0*.py")):
        made.update(path.read_bytes())
    made.update(f"{engine} {lots} {postings} {seed}".encode())
    return made.hexdigest()[:16]


@contextmanager
def kept(engine: str, lots: int, postings: int, seed: int) -> Iterator[str]:
    """Give the DATABASE_URL of a database, which is made when it is not there."""
    name = f"meatbot-office-{digest(engine, lots, postings, seed)}"
    folder = Path(tempfile.gettempdir(), name)
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True, mode=0o755)
    if engine == "sqlite" and not (folder / FILE).exists():
        database.copy("", str(folder / FILE))
    with _database(engine, folder) as url:
        command = [sys.executable, "-m", "tests.bench.books"]
        command += [str(lots), str(postings), str(seed), str(folder)]
        environment = os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "WARNING"}
        subprocess.run(command, cwd=HERE.parents[1], env=environment, check=True)
        yield url


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder}/{FILE}"
    else:
        with servers.postgres(kept=folder, durable=True) as url:
            yield url


def build(lots: int, postings: int, seed: int, folder: Path) -> None:
    """Fill the database of a folder, unless it is ready."""
    if (folder / "ready").exists():
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from tests.bench.office_rows import furnish
    from tests.bench.plant_rows import fill

    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:4.0f} s {line}", file=sys.stderr, flush=True)

    if not (folder / "filled").exists():
        call_command("migrate", verbosity=0)
        fill(lots, postings, seed, say)
        (folder / "filled").touch()
    furnish(say)
    (folder / "ready").touch()


if __name__ == "__main__":
    build(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
