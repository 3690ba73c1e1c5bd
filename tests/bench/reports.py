"""`python tests/bench/reports.py`: what a designed report and a long plain list cost.

Each runs in a process of its own, so that the peak of memory is its own."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from datetime import time as clock
from itertools import cycle, islice
from pathlib import Path

if not __package__:  # run by its path, Python looks beside the file and not in the project
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from engine.documents.reports import Asked, fill, prepare
from engine.documents.xlsx import render
from engine.load.tree import read_tree
from engine.model.values import Row, Value
from engine.model.vocabulary import FactForm, Vocabulary
from engine.schema.report import ReportForm
from tests.engine.documents.plenty import NOW, rows

FIELDS = {
    "number": "text",
    "material": "text",
    "supplier": "text",
    "kg": "number kg",
    "reserved": "number kg",
    "fat": "number %",
    "protein": "number %",
    "moisture": "number %",
    "day": "date",
    "at": "datetime",
    "count": "integer",
    "condition": "choice(chilled, frozen)",
}
VOCABULARY = Vocabulary(records={"line": FIELDS}, facts={"lines": FactForm((), "list of line")})
COLUMNS = "".join(f"      - {{title: {name}, value: it.{name}}}\n" for name in FIELDS)
HEAD = "report: some\ntitle: Отчёт\nfile: Отчёт.xlsx\nroles: [lab]\n"
DESIGNED = f"""{HEAD}styles: {{lead: {{colour: FF0000}}}}
blocks:
  - source: lines()
    order: [it.material, it.kg desc]
    group: {{by: it.material, first: lead, total: "Итог:"}}
    columns:
{COLUMNS.replace("value: it.kg", "value: it.kg, total: sum")}"""
PLAIN = f"{HEAD}plain: true\nblocks:\n  - source: lines()\n    columns:\n{COLUMNS}"


Measured = tuple[float, float, int, int]


class Lines:
    """The answer of a fact, row by row, as a cursor of a database gives it: a thousand different
    rows again and again, so that making them up costs nothing here."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.different = tuple(rows(VOCABULARY, "line", min(count, 1000)))

    def __iter__(self) -> Iterator[Row]:
        return islice(cycle(self.different), self.count)


def made(text: str, count: int) -> bytes:
    """Return the workbook of a report over so many rows."""
    form = ReportForm.model_validate(read_tree("report.yaml", text)[0].data)
    answer: Value = Lines(count)
    asked = Asked({}, "Орлова М. С.", "Учебный завод", NOW, clock(7), lambda *_: answer)
    return render(fill(prepare(form, VOCABULARY, {"kg": 3, "%": 2}), asked))


def measured(text: str, count: int) -> Measured:
    """Return seconds of the clock and of the process, megabytes at the peak, kilobytes of the
    file."""
    begun, used = time.perf_counter(), time.process_time()
    content = made(text, count)
    seconds, own = time.perf_counter() - begun, time.process_time() - used
    return seconds, own, peak_mb(), len(content) // 1024


def peak_mb() -> int:
    """Return the most memory that this process has held, in MB; `ru_maxrss` would also be that of
    the process which started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def alone(work: Callable[..., Measured], *given: object) -> Measured:
    """Do it in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def main() -> None:
    """Print a row for each kind of report."""
    print(f"{'report':26} {'rows':>8} {'clock s':>8} {'own s':>6} {'peak MB':>8} {'kB':>6}  bound")
    for name, text, count, bound in (
        ("designed, groups, totals", DESIGNED, 5_000, "5 s"),
        ("plain list of 12 columns", PLAIN, 100_000, "10 s, 200 MB"),
    ):
        seconds, own, peak, size = alone(measured, text, count)
        print(f"{name:26} {count:8} {seconds:8.1f} {own:6.1f} {peak:8} {size:6}  {bound}")


if __name__ == "__main__":
    main()
