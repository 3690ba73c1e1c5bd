"""The norms that a mix must meet: those of its recipe as they were when its order was planned, and
how its analyses stand to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from crm.production.models import Mix
from crm.quality.models import Verdict
from crm.quality.norms import COMPOSITION, Norm, Norms, kept, missed, norms_of, values_text
from engine.languages.message import Message


def norms_of_mix(mix: Mix, parts: Iterable[str] = COMPOSITION) -> dict[str, Norm]:
    """Return the norms of a mix by part; without an order, or of an order without a version of the
    norm, there is none."""
    return norms_of(mix.order.recipe_version, parts) if mix.order else {}


def verdict_of(values: Mapping[str, Decimal], norms: Norms) -> Verdict:
    """Return what values say against norms; a part without a norm cannot be told.

    >>> str(verdict_of({"ash": Decimal(5)}, {}))
    'no_standard'
    """
    if not norms.keys() >= values.keys():
        return Verdict.NO_STANDARD
    return Verdict.FAIL if missed(norms, values) else Verdict.PASS


def analysis_text(mix: Mix) -> str:
    """Say the last analysis of a mix: «Ж 20,51 (норма 15,50–20,50), Б …, В …, попытка 1»."""
    last = mix.analysis
    if last is None:
        return Message("анализа нет")
    values = {part: getattr(last, part) for part in COMPOSITION}
    said = values_text(values, kept(last.limits_snapshot))
    words = {"values": said, "attempt": str(last.attempt)}
    if last.verdict == Verdict.NO_STANDARD:
        return Message("{values}, нормы нет, попытка {attempt}", words)
    return Message("{values}, попытка {attempt}", words)
