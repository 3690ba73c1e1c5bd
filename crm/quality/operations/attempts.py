"""What recording any analysis checks and counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Max

from engine.errors import Refusal, Refused
from engine.model.values import show_number

MOST = Decimal(105)  # per cent: fat, protein and moisture together


def next_attempt(attempts: Any) -> int:
    """Return the number of the next attempt, counting those that were taken back. The record is
    locked by whoever asks."""
    last: int | None = attempts.aggregate(last=Max("attempt"))["last"]
    return (last or 0) + 1


def checked_composition(**parts: Decimal) -> dict[str, Decimal]:
    """Return fat, protein and moisture in per cent. Raises Refused for a share that there cannot be
    and for a sum above 105."""
    for name, value in parts.items():
        if not 0 <= value <= 100:
            raise Refused(Refusal("Доля — от 0 до 100 %", again=name))
    total = sum(parts.values(), Decimal(0))
    if total > MOST:
        raise Refused(
            Refusal(
                "Сумма {sum} % больше 105. Проверьте числа",
                {"sum": show_number(total, 2)},
                again="fat",
            )
        )
    return parts
