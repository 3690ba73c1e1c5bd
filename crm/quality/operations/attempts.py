"""What recording any analysis checks, counts and keeps. `keep_attempt` is the end of every analysis
of a mix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Max

from crm.people.models import Person
from crm.production.models import Mix
from crm.quality.mix_norms import norms_of_mix, verdict_of
from crm.quality.models import AshAnalysis, HoldKind, MixAnalysis, Verdict
from crm.quality.norms import snapshot
from crm.quality.operations.note_deviation import note_deviation
from crm.titles import code_said
from engine.errors import Refusal, Refused
from engine.model.values import show_number

A = TypeVar("A", MixAnalysis, AshAnalysis)

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
        words = {"number": str(mix), "state": code_said(mix, "state")}
        raise Refused(Refusal("Замес {number} не ждёт анализа: «{state}»", words))


def keep_attempt(
    model: type[A],
    by: Person,
    *,
    session: UUID,
    at: datetime,
    mix: Mix,
    values: Mapping[str, Decimal],
    in_norm: bool,
    kind: HoldKind,
    label: str,
    said: Callable[[Mix], str],
) -> A:
    """Keep an attempt with its verdict and the norms of its moment; one that is outside of them, or
    has none, with a deviation of `kind`, whose value is what `said` says of the mix.

    `values` are per cents by part, `in_norm` what the form said of them. Raises Refused when the
    norm has changed since."""
    norms = norms_of_mix(mix, values)
    verdict = verdict_of(values, norms)
    if in_norm != (verdict == Verdict.PASS):
        first = next(iter(values))
        raise Refused(Refusal("Норма замеса изменилась. Проверьте числа ещё раз", again=first))
    attempt = model.objects.create(
        mix=mix,
        attempt=next_attempt(model.objects.filter(mix=mix)),
        session=session,
        verdict=verdict,
        limits_snapshot=snapshot(norms),
        by=by,
        at=at,
        **values,
    )
    if verdict != Verdict.PASS:
        note_deviation(
            by, lot=mix.lot, kind=kind, label=label, value=said(mix), session=session, at=at
        )
    return attempt
