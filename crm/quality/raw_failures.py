"""What of the analysis of a raw batch fails it, and how that is said (domain 4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from crm.quality.models import ANTIBIOTICS, ORGANOLEPTIC, RawAnalysis
from crm.quality.models.analysis import Broth
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
SAID: Mapping[str, Message] = {
    "good": Message("соответствует"),
    "bad": Message("не соответствует"),
    "positive": Message("положительное"),
    "negative": Message("отрицательное"),
    "cloudy": Message("мутный"),
    "clear": Message("светлый"),
    "translucent": Message("полупрозрачный"),
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


def values_lines(analysis: RawAnalysis) -> list[str]:
    """Say everything that an attempt found, a line each; what failed it is marked, broth that is
    cloudy is a warning (domain 4.10)."""
    norms = kept(analysis.limits_snapshot)
    parts = {name: values_text({name: getattr(analysis, name)}, norms) for name in COMPOSITION}
    marks = {name: _word(NAMES[name], getattr(analysis, name)) for name in WORSE}
    failed = Message("❌ {line}")
    lines: list[str] = [
        failed.with_values({"line": line}) if name in analysis.failures else line
        for name, line in {**parts, **marks}.items()
    ]
    broth = _word(Message("качество бульона"), analysis.broth_quality)
    cloudy = analysis.broth_quality == Broth.CLOUDY
    return [*lines, Message("⚠ {line}", {"line": broth}) if cloudy else broth]


def _word(what: Message, value: str) -> Message:
    return Message("{what}: {said}", {"what": what, "said": SAID[value]})
