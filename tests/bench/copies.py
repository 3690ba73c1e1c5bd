"""How long a copy of years of a plant takes and its return: `python -m tests.bench.copies sqlite`,
or `postgres`, with `--lots` and `--postings`. The plant is that of `books`, kept between runs; it
comes back on a server of its own, where the books must say the same (domain 12.4)."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import servers
from tests.bench import books, dated

ROOT = Path(__file__).parents[2]
SAID, SEALED = "said", "sealed"  # what this module is asked for under another DATABASE_URL


@contextmanager
def empty(engine: str, folder: Path) -> Iterator[str]:
    """Give the address of a place where no plant is."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'returned.sqlite3'}"
    else:
        with servers.postgres(durable=True) as url:
            yield url


def sealed() -> str:
    """Seal some of the history, which a made plant has none of: its head would be that of every
    empty plant. Return how many seals were set."""
    from django.utils import timezone

    from crm.audit.operations.seal import seal

    return f"{seal(timezone.now())}"


def said() -> str:
    """Return what the books say: the head of the history, lots, and what is on each account."""
    from django.db.models import Count, Sum

    from crm.audit.verify import head
    from crm.ledger.models import Balance, Lot, Posting

    by = Balance.objects.order_by("account").values_list("account")
    lines = Posting.objects.order_by("account").values_list("account")
    stock = [*by.annotate(Sum("physical"), Sum("reserved"))]
    return f"{head()} {Lot.objects.count()} {stock} {[*lines.annotate(Count('id'), Sum('kg'))]}"


def ran(url: str, files: Path, *command: str, fine: Container[int] = (0,)) -> tuple[float, str]:
    """Run a command on a plant; return its seconds and what it said. Raises RuntimeError for an
    exit code that is not fine."""
    began = time.monotonic()
    environment = os.environ | {"DATABASE_URL": url, "FILES_DIR": str(files), "MEATBOT_DEMO": "1"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode not in fine:
        raise RuntimeError(f"{' '.join(command)}: {done.returncode}")
    return time.monotonic() - began, done.stdout.strip()


def measure(engine: str, lots: int, postings: int) -> None:
    """Copy, bring back, compare and print the seconds."""
    asked = ("-m", "tests.bench.copies")
    with (
        books.kept(engine, lots, postings, 1) as url,
        tempfile.TemporaryDirectory() as kept,
        empty(engine, Path(kept)) as other,
    ):
        files, copy = Path(kept, "files"), Path(kept, "copy")
        _, seals = ran(url, files, *asked, SEALED)
        # 1: the copy is whole, but rows of a made plant name files that nobody ever stored.
        copied_s, told = ran(url, files, "cli.py", "backup", str(copy), fine=(0, 1))
        size = sum(one.stat().st_size for one in copy.rglob("*") if one.is_file()) / 1e6
        returned_s, _ = ran(other, Path(kept, "returned"), "cli.py", "restore", str(copy))
        before, after = (ran(one, files, *asked, SAID)[1] for one in (url, other))
    assert before == after, f"{before}\n{after}"
    lines = (
        f"{engine}, {lots} lots, {postings} postings, load {os.getloadavg()[0]:.0f}: {told}",
        f"{seals} seals more; {before}",
        f"backup {copied_s:.1f} s, {size:.0f} MB; restore {returned_s:.1f} s; the same books",
    )
    print("\n".join(lines))
    dated.keep(dated.COPIES, lines)


def main() -> None:
    """Measure the engine that was named, or say what the books of DATABASE_URL say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=("sqlite", "postgres", SAID, SEALED))
    parser.add_argument("--lots", type=int, default=books.SIZES["postgres"][0])
    parser.add_argument("--postings", type=int, default=books.SIZES["postgres"][1])
    given = parser.parse_args()
    if given.engine in (SAID, SEALED):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
        import django

        django.setup()
        print(said() if given.engine == SAID else sealed())
    else:
        measure(given.engine, given.lots, given.postings)


if __name__ == "__main__":
    main()
