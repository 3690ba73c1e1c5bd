"""Which pallet numbers are taken (domain 4.28, 4.29)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production.numbers import taken
from engine.languages.message import Message

MOST = 40  # numbers in one message


def pallet_numbers_taken() -> str:
    """Say the numbers, the lowest first; «нет» when none is."""
    numbers = sorted({pallet.number for pallet in taken(timezone.now())})
    if not numbers:
        return Message("нет")
    shown = ", ".join(map(str, numbers[:MOST]))
    return f"{shown} …" if len(numbers) > MOST else shown


FACT = Fact(params=(), result="text", answer=pallet_numbers_taken)
