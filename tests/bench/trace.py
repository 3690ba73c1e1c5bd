"""How long traces, recalls and holds take on a database of years of a plant.

`python -m tests.bench.trace sqlite` or `postgres`, with `--lots`, `--postings`, `--seed`. The
database is kept under the folder for temporary files, by the digest of its generator, the
migrations and the parameters; `--fresh` makes it anew. A process of its own for each database."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median

from tests import servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
HERE = Path(__file__).parent
SIZES = {"sqlite": (100_000, 1_000_000), "postgres": (1_000_000, 10_000_000)}
LIMITS_MS = {"forward": 25, "backward": 10, "recall": 150, "pack": 10_000, "hold": 1000}
HELD = 266  # lots that are held in one operation, at least
RUNS = {"forward": 200, "backward": 200, "recall": 50, "pack": 20, "hold": 10}


def digest(engine: str, lots: int, postings: int, seed: int) -> str:
    """Return what names a generated database."""
    made = hashlib.sha256()
    for name in ("plant_rows.py", "bulk.py"):
        made.update((HERE / name).read_bytes())
    for path in sorted(HERE.parents[1].glob("crm/*/migrations/0*.py")):
        made.update(path.read_bytes())
    made.update(f"{engine} {lots} {postings} {seed}".encode())
    return made.hexdigest()[:16]


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """Give the DATABASE_URL of the database that is kept in a folder."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/rows.sqlite3"
    else:
        with servers.postgres(kept=folder) as url:
            yield url


def measure(lots: int, postings: int, seed: int, ready: Path) -> None:
    """Fill the database if it is not ready, then measure and print."""
    import django

    django.setup()
    from django.core.management import call_command

    from tests.bench.plant_rows import fill

    if not ready.exists():
        started = time.monotonic()
        call_command("migrate", verbosity=0)
        fill(lots, postings, seed, lambda line: print(line, flush=True))
        print(f"made in {time.monotonic() - started:.0f} s", flush=True)
        ready.touch()
    _report(seed)


def _report(seed: int) -> None:
    from django.db import transaction

    from crm.ledger.models import Edge, Lot, Posting
    from crm.ledger.trace import Way, lots_of, trace
    from crm.production.recall import recall
    from crm.quality.operations.hold_forward import hold_forward
    from tests.bench.plant_rows import A_DAY, AT, RAW

    print(f"{Lot.objects.count()} lots, {Posting.objects.count()} postings, "
          f"{Edge.objects.count()} edges; load {os.getloadavg()[0]:.1f}")  # fmt: skip
    chance = Random(seed)
    days = Lot.objects.filter(born__isnull=False).count() // A_DAY
    raws = [chance.randrange(days) * A_DAY + chance.randrange(RAW) + 1 for _ in range(200)]
    pallets = [chance.randrange(1, days + 1) * A_DAY - chance.randrange(200) for _ in range(200)]
    _line("forward", raws, lambda lot: len(trace(lot, Way.FORWARD).parts))
    _line("forward", raws, lambda lot: len(lots_of([lot], Way.FORWARD)), "the set alone")
    _line("backward", pallets, lambda lot: len(trace(lot, Way.BACKWARD).parts))
    _line("recall", raws, lambda lot: len(recall(lot).names))
    _line("pack", pallets, _labelled, "from a label")
    _line("pack", raws, _packed, "of a delivery")
    large = [lot for lot in raws if len(lots_of([lot], Way.FORWARD)) >= HELD]

    def hold(lot: int) -> int:
        with transaction.atomic():
            row = Lot.objects.get(pk=lot)
            held = hold_forward(None, lot=row, kind="recall", reason="проверка", at=AT, case="1")
            transaction.set_rollback(True)
        return len(held)

    if large:
        _line("hold", large, hold)


def _labelled(lot: int) -> int:
    """Read the code of a pallet's label, show its card, make the recall pack."""
    from crm.ledger.models import Lot
    from crm.production.card import card
    from crm.production.lots import find_lots
    from crm.production.models import Pallet
    from engine.documents.pictures import qr
    from engine.files.codes import codes_of
    from tests.bench.plant_rows import AT

    pallet = Pallet.objects.get(lot_id=lot)
    [code] = codes_of(qr(pallet.label_code or ""))
    found = Lot.objects.get(pk=find_lots(code, AT)[0])
    assert card(found, AT)
    return _packed(found.pk)


def _packed(lot: int) -> int:
    """Make the recall pack as the chat does, kept nowhere. Return how many lots are in it."""
    from django.db import transaction

    from crm.bridge.papers import PaperMaker
    from crm.bridge.program import program
    from crm.bridge.records import row_of
    from crm.ledger.models import Lot
    from crm.people.models import Person
    from crm.production.recall import recall
    from engine.files.local import LocalFiles
    from engine.model.effects import ReportWanted

    given = {"lot": row_of(Lot.objects.get(pk=lot))}
    person = Person.objects.holding("quality_manager").earliest("pk")
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        wanted = ReportWanted(f"pack {lot}", "recall_pack", given, str(person.pk))
        _, content, _ = PaperMaker(program(), LocalFiles(Path(folder), "secret"))(wanted)
        transaction.set_rollback(True)
    assert content
    return len(recall(lot).names)


def _line(name: str, lots: Sequence[int], act: Callable[[int], int], note: str = "") -> None:
    """Time an act on lots that were not touched before by the same act, and print a line."""
    some = lots[: RUNS[name]]
    taken, own, sizes = [], [], []
    for lot in some:
        started, used = time.perf_counter(), time.process_time()
        sizes.append(act(lot))
        taken.append((time.perf_counter() - started) * 1000)
        own.append((time.process_time() - used) * 1000)
    print(
        f"{name:9} {note:14} lots {median(sizes):>6.0f}  p50 {median(taken):>7.1f}  "
        f"p95 {_p95(taken):>7.1f} ms  (goal {LIMITS_MS[name]})  "
        f"of it processor of this process p50 {median(own):>7.1f}  p95 {_p95(own):>7.1f}",
        flush=True,
    )


def _p95(taken: Sequence[float]) -> float:
    return sorted(taken)[max(0, int(len(taken) * 0.95) - 1)]


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=SIZES)
    parser.add_argument("--lots", type=int)
    parser.add_argument("--postings", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fresh", action="store_true")
    given = parser.parse_args()
    lots = given.lots or SIZES[given.engine][0]
    postings = given.postings or SIZES[given.engine][1]
    name = digest(given.engine, lots, postings, given.seed)
    folder = Path(tempfile.gettempdir(), f"meatbot-rows-{name}")
    if given.fresh or not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True, mode=0o755)
    print(f"{given.engine} --lots {lots} --postings {postings} --seed {given.seed}: {name}")
    with database(given.engine, folder) as url:
        os.environ["DATABASE_URL"] = url
        measure(lots, postings, given.seed, folder / "ready")


if __name__ == "__main__":
    main()
