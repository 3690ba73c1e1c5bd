"""How long it takes to verify sealed history: `python -m tests.bench.audit sqlite`, or `postgres`,
with `--rows` and `--processes`. The goal is ten million rows in two minutes by two processes
(domain 12.4); a smaller run says the rate, by the time of our processors (a server has its own
beside) and by the clock."""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import database, servers
from tests.bench import dated

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
ROWS, SEALS = 200_000, 500
GOAL_ROWS, GOAL_S = 10_000_000, 120


@contextmanager
def place(engine: str) -> Iterator[str]:
    """Give the address of an empty migrated database."""
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            file = Path(folder) / "rows.sqlite3"
            database.copy("sqlite", str(file))
            yield f"sqlite:///{file}"
        else:
            with servers.postgres(like=database.cluster()) as url:
                database.copy(url, "audit")
                yield database.named(url, "audit")


def fill(rows: int) -> None:
    """Write so many changes of states, in the database itself, and seal them."""
    from django.utils import timezone

    from crm.audit.operations.seal import seal
    from crm.ledger.models import StateHistory
    from tests.bench.bulk import bulk, copies

    now = timezone.now()
    first = StateHistory(
        record="mix", record_id="1", from_state="queued", to_state="unpacking",
        transition="issue", reason="№ 1", at=now,
    )  # fmt: skip
    others = (
        "(WITH RECURSIVE counted(number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM counted "
        f"WHERE number < {rows}) SELECT number FROM counted) n"
    )
    with bulk("ledger_statehistory"):
        copies(first, others, record_id="CAST(n.number AS varchar(40))", reason="'№ ' || n.number")
    while seal(now, batches=SEALS):
        pass


def measure(rows: int, processes: int) -> None:
    """Fill, verify and print the rate."""
    import django

    django.setup()
    from crm.audit.verify import head
    from crm.commands.verify_audit import everything

    began = time.monotonic()
    fill(rows)
    print(f"written and sealed in {time.monotonic() - began:.0f} s", flush=True)
    sealed, began, spent = head(), time.monotonic(), _processor_s()
    wrong = everything(processes)
    clock, processor = time.monotonic() - began, _processor_s() - spent
    assert not wrong
    assert not sealed.unsealed
    whole = GOAL_ROWS * processor / rows / processes
    lines = (
        f"{rows} rows, {sealed.seals} seals, {processes} processes, load {os.getloadavg()[0]:.0f}",
        f"{processor:.1f} s of the processor, {clock:.1f} s by the clock",
        f"{GOAL_ROWS} rows at that rate: {whole:.0f} s of each processor (goal {GOAL_S})",
    )
    print("\n".join(lines))
    dated.keep(dated.AUDIT, lines)


def _processor_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Measure on the database that was named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=("sqlite", "postgres"))
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    with place(given.engine) as url:
        os.environ["DATABASE_URL"] = url
        measure(given.rows, given.processes)


if __name__ == "__main__":
    main()
