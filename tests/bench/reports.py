"""A designed report and a long plain list, ours and as openpyxl makes it; each in a process of its
own, so that the peak of memory is its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from datetime import time as clock
from itertools import cycle, islice

from engine.documents.reports import Asked, fill, prepare
from engine.documents.xlsx import render
from engine.load.tree import read_tree
from engine.model.values import Option, Row, Value
from engine.model.vocabulary import FactForm, Vocabulary
from engine.schema.report import ReportForm
from tests.bench.laps import peak_mb
from tests.bench.peers.workbook import written
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
    return seconds, own, int(peak_mb()), len(content) // 1024


def by_peer(_text: str, count: int) -> Measured:
    """Return the same of the peer."""
    rows = ([row.fields[name] for name in FIELDS] for row in Lines(count))
    begun, used = time.perf_counter(), time.process_time()
    content = written([*FIELDS], ([_plain(value) for value in row] for row in rows))
    seconds, own = time.perf_counter() - begun, time.process_time() - used
    return seconds, own, int(peak_mb()), len(content) // 1024


def _plain(value: Value) -> object:
    return value.title if isinstance(value, Option) else value


def alone(work: Callable[..., Measured], *given: object) -> Measured:
    """Do it in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)
