"""What the meat of the simulated plant really is, behind everything that is measured about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

SINCE = date(2026, 1, 5)  # the drifting supplier began to drift
DRIFTING, DRIFT = "Агрофирма «Учебная»", 0.15  # per cent of fat a week (domain 13.10)
# Moisture, protein, fat of materials (domain 13.3).
COMPOSITION: dict[str, tuple[float, float, float]] = {
    "Спинка ЦБ целая": (63.5, 12.2, 21.5),
    "СЛЧ": (63.0, 12.0, 22.0),
    "ПКЧ": (64.0, 12.5, 20.5),
    "Грудная кость": (66.0, 13.5, 15.5),
    "Микс": (65.0, 12.6, 19.0),
    "Трубчатая кость": (62.0, 13.0, 16.0),
    "МКО": (55.0, 16.0, 14.0),
    "Шея": (69.0, 13.8, 14.0),
    "Индейка": (70.0, 15.0, 13.0),
    "Каркас": (67.0, 13.0, 17.0),
    "Киль": (68.0, 15.5, 12.0),
}
ANY_OTHER = (66.0, 13.0, 17.0)
LABORATORY = {"moisture": (0, 0.6), "protein": (1, 0.25), "fat": (2, 0.5)}  # place, noise


def measured(what: str, material: str, supplier: str, day: date, chance: Random) -> Decimal:
    """Return what the laboratory reads: the truth of a material with its noise, two digits."""
    place, noise = LABORATORY[what]
    value = COMPOSITION.get(material, ANY_OTHER)[place]
    if what == "fat" and supplier == DRIFTING:
        value += DRIFT * min(12, max(0, (day - SINCE).days // 7) % 12)
    return digits(chance.gauss(value, noise), 2)


def digits(value: float, count: int) -> Decimal:
    """Return a number with so many digits after the comma."""
    return Decimal(f"{value:.{count}f}")


def typed(value: Decimal | float | int) -> str:
    """Return a number as it is typed on the floor: a comma, no exponent.

    >>> typed(Decimal("18250.500")), typed(-18.5)
    ('18250,500', '-18,5')
    """
    return (
        f"{value:f}".replace(".", ",")
        if isinstance(value, Decimal)
        else str(value).replace(".", ",")
    )
