"""How complete a recall is, and how long it took (domain 14.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.production.recall import LIMIT_S, recall

STEPS = {"identified": "Определено, с", "customers": "Заказчики, с", "balanced": "Баланс, с"}


def recall_notes(lot: Lot) -> Iterator[Line]:
    """Give what is explained of both masses, per cent, and the clock of the steps, seconds."""
    found = recall(lot.pk)
    notes = {
        "Объяснено отзываемой массы, %": found.suspect.accounted,
        "Объяснено затронутой продукции, %": found.product.accounted,
        **{STEPS[step]: Decimal(f"{seconds:.3f}") for step, seconds in found.clock.items()},
        "Предел, ч": Decimal(LIMIT_S // 3600),
    }
    for at, (name, value) in enumerate(notes.items(), start=1):
        yield Line(str(at), name, {"name": name, "value": value})


FACT = Fact(
    params=("lot",),
    result="list of recall_note",
    answer=recall_notes,
    records={"recall_note": {"name": "text", "value": "number"}},
)
