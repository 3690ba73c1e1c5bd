"""The daily report (domain 10.5) of a day that the simulated plant has lived through, against its
books: every number is computed again from the postings, by SQL and whole grams, without the code of
the plant."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from crm.configuration import ROOT
from crm.plant.past import DATABASE, Past

PLANT = ZoneInfo("Europe/Moscow")
STAMP = "%Y-%m-%d %H:%M:%S.%f"
IN = (
    "FROM ledger_posting p JOIN ledger_event e ON e.id = p.event_id "
    "JOIN ledger_lot l ON l.id = p.lot_id"
)


class Day:
    """A production day of a database: what its report says and what its books say, in grams."""

    def __init__(self, folder: Path, past: Past) -> None:
        day = datetime(past.begins.year, past.begins.month, past.begins.day, 7, tzinfo=PLANT)
        self.first, self.last = (
            (day + timedelta(days=after)).astimezone(UTC).strftime(STAMP) for after in (0, 1)
        )
        self.rows = sqlite3.connect(folder / DATABASE)
        report = folder / "day.xlsx"
        command = [sys.executable, "cli.py", "report", "daily_production"]
        period = ["--param", f"period={past.begins:%d.%m.%Y}", "--out", str(report)]
        url = f"sqlite:///{folder / DATABASE}"
        env = os.environ | {"MEATBOT_DEMO": "1", "DATABASE_URL": url}
        subprocess.run([*command, *period], cwd=ROOT, env=env, check=True, capture_output=True)
        sheet: Any = load_workbook(report).active
        self.cells = [[cell.value for cell in row] for row in sheet.iter_rows()]

    def asked(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        return self.rows.execute(query, given).fetchall()

    def grams(self, query: str, *given: object) -> int:
        return int(self.asked(f"SELECT COALESCE(SUM(p.grams), 0) {IN} {query}", *given)[0][0])

    @property
    def said(self) -> dict[str, int]:
        """The balance of the day by the names of its lines."""
        at = next(at for at, row in enumerate(self.cells) if row[0] == "Баланс суток")
        return {row[2]: grams(row[3]) for row in self.cells[at + 2 :] if row[2]}

    @property
    def used(self) -> list[tuple[str, int]]:
        """The materials of block 1, with what was used of each batch."""
        end = next(at for at, row in enumerate(self.cells) if row[0] == "Итого, кг")
        return [(row[4], grams(row[6])) for row in self.cells[2:end] if row[0]]

    def within(self, at: str = "e.occurred_at") -> str:
        return f"{at} >= '{self.first}' AND {at} < '{self.last}'"


def grams(kg: float) -> int:
    """Return a cell of kilograms as grams; a fraction of a gram is a mistake."""
    found = round(kg * 1000)
    assert abs(found - kg * 1000) < 0.001
    return found


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """A day that was lived through: kept until today or the code that made it changes."""
    past = Past(1, datetime.now(PLANT))
    folder = tmp_path_factory.mktemp("lived")
    past.fetch(folder, {"MEATBOT_DEMO": "1"})
    found = Day(folder, past)
    yield found
    found.rows.close()


UNDONE = (
    "AND e.reverses_id IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM ledger_event r WHERE r.reverses_id = e.id)"
)


def test_the_day_was_a_day_of_work(day: Day) -> None:
    assert len(day.used) >= 4
    assert day.said["Израсходовано"] > 10_000_000
    assert day.said["Выпуск ММО"] > 5_000_000


def test_what_was_used_of_each_batch_is_what_left_the_stores_for_the_mixes(day: Day) -> None:
    taken = day.asked(
        f"SELECT l.kind, l.id, p.grams {IN} WHERE e.kind = 'discharge' AND p.account = 'process' "
        f"AND p.grams > 0 AND {day.within()} {UNDONE}"
    )
    used: dict[int, int] = defaultdict(int)
    for kind, lot, mass in taken:
        for source, part in divided(day, lot, mass) if kind == "blank" else [(lot, mass)]:
            used[source] += part
    materials = dict(
        day.asked(
            "SELECT b.lot_id, m.name FROM production_rawbatch b "
            "JOIN catalogue_rawmaterial m ON m.id = b.raw_material_id"
        )
    )
    named = sorted((materials[lot], mass) for lot, mass in used.items() if lot in materials)
    second = {name for name, _ in day.used} - {*materials.values()}
    assert sorted((name, mass) for name, mass in day.used if name not in second) == named
    assert day.said["Израсходовано"] == sum(mass for _, _, mass in taken) == sum(used.values())
    reused = sum(mass for lot, mass in used.items() if lot not in materials)
    assert day.said["в том числе вторфарш"] == reused


def divided(day: Day, blank: int, mass: int) -> Iterator[tuple[int, int]]:
    """Divide what was taken of a blank over what was weighed into it, the last takes the rest."""
    weighed = day.asked(
        f"SELECT l.id, -SUM(p.grams) {IN} WHERE e.kind = 'weigh_blank' AND p.account = 'raw_store' "
        "AND e.id IN (SELECT event_id FROM ledger_posting WHERE lot_id = ? "
        f"AND account = 'blank_store' AND grams > 0) {UNDONE} GROUP BY l.id ORDER BY MIN(p.id)",
        blank,
    )
    whole, left = sum(part for _, part in weighed), mass
    for lot, part in weighed[:-1]:
        yield lot, mass * part // whole
        left -= mass * part // whole
    yield weighed[-1][0], left


def test_what_was_made_is_what_came_onto_the_stores(day: Day) -> None:
    pallets = "JOIN production_pallet t ON t.lot_id = l.id"
    mince = day.grams(
        f"{pallets} WHERE e.kind = 'accept_pallet' AND p.account = 'fg_store' "
        f"AND t.kind <> 'second' AND {day.within()} {UNDONE}"
    )
    second = day.grams(
        "WHERE e.kind = 'register_second_minced' AND p.account IN ('rework_store', 'mko_store') "
        f"AND {day.within()} {UNDONE}"
    )
    said = day.said
    assert said["Выпуск ММО"] + said["Заблокировано"] == mince
    assert said["Выпуск МКО"] == second
    assert said["Выпуск всего"] == said["Выпуск ММО"] + second


def test_what_nothing_explains_is_what_the_process_has_kept_of_the_finished_mixes(day: Day) -> None:
    said = day.said
    open_mixes = {at: lying(day, at) for at in (day.first, day.last)}
    assert said["Незавершённое на начало"] == open_mixes[day.first]
    assert said["Незавершённое на конец"] == open_mixes[day.last]
    kept = day.grams(f"WHERE p.account = 'process' AND {day.within()}")
    unfinished = open_mixes[day.last] - open_mixes[day.first]
    assert said["Потери и необъяснённое"] == kept - unfinished


def lying(day: Day, at: str) -> int:
    """Return what the process held at a moment of mixes that were not wholly accepted then."""
    held = day.asked(
        f"SELECT p.mix_id, SUM(p.grams) {IN} WHERE p.account = 'process' AND e.occurred_at < ? "
        "AND p.mix_id IS NOT NULL GROUP BY p.mix_id",
        at,
    )
    pallets: dict[int, list[str | None]] = defaultdict(list)
    for mix, accepted in day.asked(
        "SELECT m.id, t.accepted_at FROM production_palletitem i "
        "JOIN production_mix m ON m.lot_id = i.lot_id JOIN production_pallet t "
        "ON t.id = i.pallet_id WHERE t.state <> 'cancelled'"
    ):
        pallets[mix].append(accepted)
    return sum(
        mass
        for mix, mass in held
        if not pallets[mix] or any(one is None or one >= at for one in pallets[mix])
    )
