"""How many postings a second eight processes make that all work with the same twenty lots: each is
a transaction over two of them, on a PostgreSQL that waits for its disk. Start at `measure`."""

# ruff: noqa: E402 - Django must be set up before its models are imported

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connections, transaction

from crm.bridge.program import program
from crm.ledger.models import Account, Lot
from crm.ledger.operations.bear import bear
from crm.ledger.operations.post import Line, post
from crm.office.seed import seed as seed_reference
from crm.production.models import RawBatch
from tests.bench.plant_rows import AT
from tests.soak.driver import COUNT, aside, drive, wrong_of_books

LOTS = 20
STOCK_KG = Decimal(100_000)  # of each: never used up
NEVER = 10**9  # acts to a process that is killed
WRITERS = COUNT


@dataclass(frozen=True, slots=True)
class Rate:
    """Transactions a second, and what the books find afterwards: negative or drifting balances,
    events that are not balanced."""

    a_second: float
    wrong: tuple[str, ...]


class Hot:
    """A process's acts."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._lots: list[Lot] = []

    def act(self) -> None:
        """Book something of two of the lots away, or back."""
        self._lots = self._lots or list(Lot.objects.order_by("-pk")[:LOTS])
        kg = Decimal(self._chance.randint(-3000, 3000) or 1).scaleb(-3)
        some = self._chance.sample(self._lots, 2)
        with transaction.atomic():
            booked([line for lot in some for line in moved(lot, kg, Account.ADJUST)])


def moved(lot: Lot, kg: Decimal, other: Account) -> tuple[Line, Line]:
    """Return what brings kilograms of a lot into the store from elsewhere."""
    return Line(lot, other, -kg), Line(lot, Account.RAW_STORE, kg)


def booked(lines: list[Line]) -> None:
    """Write an event."""
    post("step", lines, by=None, session=None, source="bench", key=str(uuid4()), occurred_at=AT)


@transaction.atomic
def prepare() -> None:
    """Make the lots."""
    for _ in range(LOTS):
        lot = Lot.objects.create(kind=Lot.Kind.RAW_BATCH)
        RawBatch.objects.create(
            lot=lot, year=AT.year, session=uuid4(), created_at=AT, state="refused"
        )
        bear(lot)
        booked([*moved(lot, STOCK_KG, Account.SUPPLIER)])


def measure(count: int, seed: int) -> Rate:
    """Let the processes make so many; this one opens no connection before they begin."""
    program()  # what is forked has read it; it has looked for a version of before
    connections.close_all()
    aside(seed_reference)
    aside(prepare)
    driven = drive("hot", Hot, count, NEVER, str(seed))
    wrong = tuple(f"{one.title}: {one.count}" for one in aside(wrong_of_books))
    return Rate(driven.done / driven.seconds, wrong)
