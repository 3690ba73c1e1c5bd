"""Whether the kilograms of a recall add up, line by line (domain 14.2)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.production.recall import recall

PLACES = (
    ("received", "Всего"),
    ("on_hand", "На складах"),
    ("in_process", "В производстве"),
    ("shipped", "Отгружено"),
    ("sent_back", "Возвращено поставщику"),
    ("losses", "Потери"),
    ("samples", "Пробы"),
    ("scrap", "Брак"),
    ("corrections", "Корректировки"),
    ("unexplained", "Потери и необъяснённое"),
)


def recall_balance(lot: Lot) -> Iterator[Line]:
    """Give each place with the kilograms of the suspect mass and of affected product there."""
    found = recall(lot.pk)
    for name, title in PLACES:
        masses = {"suspect": getattr(found.suspect, name), "product": getattr(found.product, name)}
        yield Line(name, title, {"place": title, **masses})


FACT = Fact(
    params=("lot",),
    result="list of recall_place",
    answer=recall_balance,
    records={
        "recall_place": {"place": "text", "suspect": "number kg", "product": "number kg"},
    },
)
