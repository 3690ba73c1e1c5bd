"""What a recipe or a material asks of an analysis, and whether a value meets it. Knows no rows but
those that it is given: start at `norms_of`.

A recipe's norm is a value that may miss by `minus` below and `plus` above, both ends included,
compared in hundredths of a per cent (domain Q6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.catalogue.models import RecipeVersion
from engine.languages.message import Message, listed
from engine.model.values import show_number

COMPOSITION = ("fat", "protein", "moisture")
ASH = "ash"
LETTERS: Mapping[str, Message] = {
    "fat": Message("Ж"),
    "protein": Message("Б"),
    "moisture": Message("В"),
    "ash": Message("Зола"),
}


@dataclass(frozen=True, slots=True)
class Norm:
    """Bounds of one part, in per cent, both ends included; None is an open end."""

    least: Decimal | None
    most: Decimal | None

    def met(self, value: Decimal) -> bool:
        """Tell whether a value lies inside, both ends included.

        >>> norm = Norm(Decimal("15.50"), Decimal("20.50"))
        >>> [norm.met(Decimal(value)) for value in ("15.49", "15.50", "20.50", "20.51")]
        [False, True, True, False]
        """
        above = self.least is None or value >= self.least
        return above and (self.most is None or value <= self.most)

    @property
    def text(self) -> str:
        """The bounds as people read them.

        >>> Norm(Decimal("15.5"), Decimal("20.5")).text, Norm(None, Decimal(5)).text
        ('15,50–20,50', '≤ 5,00')
        """
        least, most = (
            None if one is None else show_number(one, 2) for one in (self.least, self.most)
        )
        if least is None or most is None:
            return f"≤ {most}" if least is None else f"≥ {least}"
        return f"{least}–{most}"


Norms = Mapping[str, Norm]


def norms_of(version: RecipeVersion | None, parts: Iterable[str] = COMPOSITION) -> dict[str, Norm]:
    """Return the norms of a version by part; without a version, or without a norm of a part, there
    is none."""
    found = {}
    for part in parts if version is not None else ():
        norm = getattr(version, part)
        if norm is not None:
            least = norm - getattr(version, f"{part}_minus")
            found[part] = Norm(least, norm + getattr(version, f"{part}_plus"))
    return found


def missed(norms: Norms, values: Mapping[str, Decimal]) -> list[str]:
    """Return the parts whose values are outside of their norms, in the order of the values."""
    return [part for part, value in values.items() if part in norms and not norms[part].met(value)]


def snapshot(norms: Norms, **more: Any) -> dict[str, Any]:
    """Return norms as an attempt keeps them, with whatever tells where they come from.

    >>> snapshot({"fat": Norm(None, Decimal("5.00"))}, recipe_version=3)
    {'fat': {'least': None, 'most': '5.00'}, 'recipe_version': 3}
    """
    ends = {
        part: {end: None if (one := getattr(norm, end)) is None else str(one) for end in ENDS}
        for part, norm in norms.items()
    }
    return {**ends, **more}


ENDS = ("least", "most")


def kept(limits: Mapping[str, Any]) -> dict[str, Norm]:
    """Return the norms that an attempt kept.

    >>> kept({"fat": {"least": None, "most": "5.00"}, "recipe_version": 3})["fat"].most
    Decimal('5.00')
    """
    return {
        part: Norm(*(None if ends[end] is None else Decimal(ends[end]) for end in ENDS))
        for part, ends in limits.items()
        if part in LETTERS
    }


def norms_text(norms: Norms) -> str:
    """Say norms: «Ж 15,50–20,50, Б 12,00–14,50, В 63,50–68,50»; what there is none of is said."""
    if not norms:
        return Message("нормы нет")
    return listed(
        Message("{part} {norm}", {"part": LETTERS[part], "norm": norm.text})
        for part, norm in norms.items()
    )


def values_text(values: Mapping[str, Decimal], norms: Norms) -> str:
    """Say measured values beside their norms: «Ж 20,51 (норма 15,50–20,50), Б 13,00 (…)»."""
    said = []
    for part, value in values.items():
        words = {"part": LETTERS[part], "value": show_number(value, 2)}
        if part in norms:
            with_norm = Message(
                "{part} {value} (норма {norm})", {**words, "norm": norms[part].text}
            )
            said.append(with_norm)
        else:
            said.append(Message("{part} {value}", words))
    return listed(said)
