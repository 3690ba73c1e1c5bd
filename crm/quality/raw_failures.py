"""What of the analysis of a raw batch fails it, and how that is said (domain 4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from crm.quality.models import ANTIBIOTICS, ORGANOLEPTIC, RawAnalysis
from crm.quality.norms import COMPOSITION, Norms, kept, missed, values_text
from engine.languages.message import Message, listed

NAMES: Mapping[str, Message] = {
    "appearance": Message("внешний вид"),
    "smell": Message("запах"),
    "colour": Message("цвет"),
    "broth_aroma": Message("аромат бульона"),
    "beta_lactams": Message("бета-лактамы"),
    "chloramphenicols": Message("хлорамфениколы"),
    "tetracyclines": Message("тетрациклины"),
    "streptomycins": Message("стрептомицины"),
}
WORSE = {**dict.fromkeys(ORGANOLEPTIC, "bad"), **dict.fromkeys(ANTIBIOTICS, "positive")}


def failures(
    marks: Mapping[str, str], composition: Mapping[str, Decimal], norms: Norms
) -> list[str]:
    """Return the fields that fail an analysis: any positive antibiotic, any mark of the senses that
    does not comply, any part outside the limits of the material. Broth that is cloudy does not.

    >>> failures({"smell": "bad", "tetracyclines": "positive", "colour": "good"}, {}, {})
    ['smell', 'tetracyclines']
    """
    bad = [name for name, worse in WORSE.items() if marks.get(name) == worse]
    return bad + missed(norms, composition)


def has_antibiotic(failed: Iterable[str]) -> bool:
    """Tell whether an antibiotic is among what failed."""
    return not {*ANTIBIOTICS}.isdisjoint(failed)


def failures_text(analysis: RawAnalysis | None) -> str:
    """Say what of an attempt failed: «запах: не соответствует, тетрациклины: положительное, Ж 25,00
    (норма 15,00–22,00)»; nothing failed is an empty text."""
    if analysis is None:
        return Message("анализа нет")
    said: list[str] = [_said(name) for name in analysis.failures if name in WORSE]
    parts = {name: getattr(analysis, name) for name in COMPOSITION if name in analysis.failures}
    if parts:
        said.append(values_text(parts, kept(analysis.limits_snapshot)))
    return listed(said)


def _said(name: str) -> Message:
    if name in ANTIBIOTICS:
        return Message("{what}: положительное", {"what": NAMES[name]})
    return Message("{what}: не соответствует", {"what": NAMES[name]})
