"""What recording any analysis checks and counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Max

from crm.production.models import Mix
from crm.quality.models import Verdict
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


def refuse_unless(mix: Mix, waits: bool) -> None:
    """Refuse to analyse a mix that waits for no analysis, with where it stands."""
    if not waits:
        words = {"number": str(mix), "state": str(mix.get_state_display())}
        raise Refused(Refusal("Замес {number} не ждёт анализа: «{state}»", words))


def refuse_other_norm(in_norm: bool, verdict: Verdict, *, again: str) -> None:
    """Refuse when the norm of a mix has changed since the form said whether it is met."""
    if in_norm != (verdict == Verdict.PASS):
        raise Refused(Refusal("Норма замеса изменилась. Проверьте числа ещё раз", again=again))
