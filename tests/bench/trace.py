"""What traces, recalls, holds and stock take on a database with years of a plant: lots that are
asked for are drawn by the seed. Start at `Asked`; `by_orm` is the peer."""

# ruff: noqa: E402 - Django must be set up before its models are imported

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import transaction
from django.utils import timezone

from crm.bridge.papers import PaperMaker
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.ledger.models import Edge, Lot
from crm.ledger.trace import Way, lots_of, trace
from crm.people.models import Person
from crm.production.card import card
from crm.production.lots import find_lots
from crm.production.models import Pallet
from crm.production.recall import recall
from crm.quality.operations.hold_forward import hold_forward
from engine.documents.pictures import qr
from engine.files.codes import codes_of
from engine.files.local import LocalFiles
from engine.model.effects import ReportWanted
from tests.bench.laps import used_with_database
from tests.bench.plant_rows import A_DAY, AT, PALLETS, RAW

HELD = 266  # lots that are held in one operation, at least, where there are so many


class Asked:
    """The lots of a run: deliveries, pallets, deliveries that reach far."""

    def __init__(self, seed: int, count: int) -> None:
        chance = Random(seed)
        days = Lot.objects.filter(born__isnull=False).count() // A_DAY
        self.raws = [
            chance.randrange(days) * A_DAY + chance.randrange(RAW) + 1 for _ in range(count)
        ]
        self.pallets = [
            chance.randrange(1, days + 1) * A_DAY - chance.randrange(PALLETS - 40)
            for _ in range(count)
        ]

    def far(self) -> list[int]:
        """Return the deliveries that reach the most lots."""
        reach = sorted(((len(lots_of([lot], Way.FORWARD)), lot) for lot in self.raws), reverse=True)
        return [lot for size, lot in reach[:10] if size >= min(HELD, reach[0][0])]


def forward(lot: int) -> int:
    """Trace a delivery; return how many lots it reached."""
    return len(trace(lot, Way.FORWARD).parts)


def delivered(lot: int) -> int:
    """Trace all that came in two days as one supplier's delivery; return what it reached."""
    day = (lot - 1) // A_DAY
    days = day, day - 1 if day else 1
    return len(lots_of([one * A_DAY + at + 1 for one in days for at in range(RAW)], Way.FORWARD))


def backward(lot: int) -> int:
    """Trace a pallet; return how many lots are in it."""
    return len(trace(lot, Way.BACKWARD).parts)


def recalled(lot: int) -> int:
    """Make the recall report of a delivery."""
    return len(recall(lot).names)


def held(lot: int) -> int:
    """Hold everything that a delivery reached, and take it back."""
    with transaction.atomic():
        row = Lot.objects.get(pk=lot)
        found = hold_forward(
            None, lot=row, kind="recall", reason="проверка", at=timezone.now(), case="1"
        )
        transaction.set_rollback(True)
    return len(found)


def labelled(lot: int) -> int:
    """Read the code of a pallet's label, show its card, make the recall pack."""
    pallet = Pallet.objects.get(lot_id=lot)
    [code] = codes_of(qr(pallet.label_code or ""))
    found = Lot.objects.get(pk=find_lots(code, AT)[0])
    assert card(found, AT)
    return packed(found.pk)


def packed(lot: int) -> int:
    """Make the recall pack as the chat does, kept nowhere. Return how many lots are in it."""
    given = {"lot": row_of(Lot.objects.get(pk=lot))}
    person = Person.objects.holding("quality_manager").earliest("pk")
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        wanted = ReportWanted(f"pack {lot}", "recall_pack", given, str(person.pk))
        _, content, _ = PaperMaker(program(), LocalFiles(Path(folder), "secret"))(wanted)
        transaction.set_rollback(True)
    assert content
    return len(recall(lot).names)


def by_orm(lot: int) -> int:
    """Trace a delivery as people write it first: a question a lot. Return the lots reached."""
    seen: set[int] = set()

    def go(parent: int) -> None:
        for edge in Edge.objects.filter(parent_id=parent, voided_by=None).select_related("child"):
            if edge.child_id not in seen:
                seen.add(edge.child_id)
                go(edge.child_id)

    go(lot)
    return len(seen)


def timed(act: Callable[[int], object], lots: Sequence[int]) -> list[tuple[float, float]]:
    """Return milliseconds by the clock and of the processor for each lot."""
    taken = []
    for lot in lots:
        cpu, began = used_with_database(), time.perf_counter()
        act(lot)
        clock = time.perf_counter() - began
        taken.append((1000 * clock, 1000 * (used_with_database() - cpu)))
    return taken


def p95(taken: Sequence[float]) -> float:
    """Return what nineteen of twenty stay within."""
    return sorted(taken)[max(0, int(len(taken) * 0.95) - 1)]


def middle(taken: Sequence[tuple[float, float]]) -> float:
    """Return the median of the processor's time."""
    return median(cpu for _, cpu in taken)
