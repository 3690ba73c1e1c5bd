"""How numbers and dates are shown in a workbook: what YAML says, and what Excel reads.

A per cent sign in Excel's own notation multiplies by a hundred; here a unit is always words behind
the number, so that 17,8 % is shown as it was measured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.expressions.types import (
    Date,
    DayTime,
    Duration,
    Integer,
    ListOf,
    Moment,
    Number,
    Type,
    bare,
)

_NUMBER = re.compile(r"(?P<digits>(?:# ##)?0(?:\.0{1,6})?)(?: (?P<unit>\S{1,10}))?")
_DAY = {"dd.mm.yyyy": "dd.mm.yyyy", "dd.mm": "dd.mm"}
CLOCK = "hh:mm"
_TIME = {"dd.mm.yyyy hh:mm": "dd.mm.yyyy hh:mm", CLOCK: CLOCK}
_LENGTH = {"[h]:mm": "[h]:mm"}
EXAMPLES = ("0", "0.0", "0.000", "# ##0.00", "0.0 %", *_DAY, *_TIME, *_LENGTH)
GENERAL = "General"


@dataclass(frozen=True, slots=True)
class Format:
    """A format that was read: Excel's notation, whether it is one of numbers, its unit."""

    excel: str
    number: bool = False
    unit: str = ""


def read_format(text: str) -> Format | None:
    """Read a format of YAML; None when it is none.

    >>> read_format("# ##0.0 %")
    Format(excel='#,##0.0" %"', number=True, unit='%')
    >>> read_format("0,0") is None
    True
    """
    for known in (_DAY, _TIME, _LENGTH):
        if text in known:
            return Format(known[text])
    match = _NUMBER.fullmatch(text)
    if match is None or '"' in text:
        return None
    digits, unit = match["digits"].replace("# ##", "#,##"), match["unit"] or ""
    return Format(f'{digits}" {unit}"' if unit else digits, True, unit)


def fits_format(text: str, kind: Type) -> bool:
    """Tell whether values of a type are shown right in a format that can be read."""
    found, plain = read_format(text), bare(kind)
    if found is None:
        return False
    match plain:
        case Number(unit):
            return found.number and found.unit in ("", unit or found.unit)
        case Moment():
            return text in _DAY or text in _TIME
        case Date():
            return text in _DAY
        case DayTime():
            return text == CLOCK
        case Duration():
            return text in _LENGTH
        case _:
            return False


def usual_format(kind: Type | None, decimals: Mapping[str, int]) -> str:
    """Return Excel's notation for a type by itself; `decimals` are those of the units.

    >>> usual_format(Number("kg"), {"kg": 3})
    '0.000'
    """
    plain = bare(kind) if kind else None
    match plain:
        case Integer():
            return "0"
        case Number(unit) if unit in decimals:
            return "0." + "0" * decimals[unit] if decimals[unit] else "0"
        case Moment():
            return "dd.mm.yyyy hh:mm"
        case Date():
            return "dd.mm.yyyy"
        case DayTime():
            return CLOCK
        case Duration():
            return "[h]:mm"
        case ListOf(item):
            return usual_format(item, decimals) if isinstance(item, Number) else GENERAL
        case _:
            return GENERAL
