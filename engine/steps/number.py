"""Ask for a number, as people on the floor type it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import Number, Type
from engine.languages.message import Message
from engine.model.conversation import Input, Kind
from engine.model.values import Value, show_number
from engine.steps.base import LimitedStep, Outcome, Taken, UnitForm, View, shortened
from engine.steps.bounds import UNKNOWN, BoundedStep, exact

LONGEST = 30  # characters; no mass and no temperature needs more
_DASHES = "-\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}"
_SPACES = " \N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
_NUMBER = re.compile(
    rf"(?P<sign>[{_DASHES}])?[{_SPACES}]*(?P<whole>[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+|[0-9]+)"
    rf"(?:[.,](?P<fraction>[0-9]+))?"
)
_SHOWN = {"kg": Message("кг")}  # units whose code is not what people write


def read_number(said: str) -> Decimal | None:
    """Read a typed number, or None: comma or point, spaces between thousands, any minus sign
    (domain 3.14).

    >>> read_number("\N{EN DASH} 1 200,5")
    Decimal('-1200.5')
    >>> read_number("1e3") is None
    True
    """
    match = _NUMBER.fullmatch(said.strip())
    if match is None or len(said.strip()) > LONGEST:
        return None
    digits = re.sub(rf"[{_SPACES}]", "", match["whole"])
    value = Decimal(f"{digits}.{match['fraction']}" if match["fraction"] else digits)
    return -value if match["sign"] else value


def digits_after_comma(number: Decimal) -> int:
    """Return how many digits after the comma a number needs, without its trailing zeros.

    >>> digits_after_comma(Decimal("12.50"))
    1
    """
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # a typed number is never infinite
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return max(0, -exponent - zeros) if number else 0


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number must be: digits after the comma, the sensor's range and the question's, the
    unit, an example for refusals."""

    unit: UnitForm
    decimals: int
    range: tuple[Value, Value] | None = None
    example: str = ""

    def refusal(self, number: Decimal) -> Refusal | None:
        """Say why a number is not taken; None when it is."""
        if digits_after_comma(number) > self.decimals:
            if not self.decimals:
                return Refusal("Нужно целое число, например {example}", {"example": self.shown})
            return Refusal(
                "Знаков после запятой — не больше {decimals}. Например: {example}",
                {"decimals": str(self.decimals), "example": self.shown},
            )
        return self.outside(number)

    @property
    def shown(self) -> str:
        """An example of a good answer."""
        return self.example or ("12,5" if self.decimals else "12")

    def outside(self, number: Decimal) -> Refusal | None:
        """Refuse a number outside the range of the question or of the sensor."""
        if self.range is not None and None in self.range:
            return UNKNOWN
        for least, most in (self.range or (None, None), (self.unit.least, self.unit.most)):
            if (isinstance(least, Decimal) and number < least) or (
                isinstance(most, Decimal) and number > most
            ):
                return Refusal(
                    "Нужно число от {least} до {most} {unit}",
                    {
                        "least": show_number(least) if isinstance(least, Decimal) else "…",
                        "most": show_number(most) if isinstance(most, Decimal) else "…",
                        "unit": _SHOWN.get(self.unit.name, self.unit.name),
                    },
                )
        return None

    def read(self, said: str) -> Decimal | Refusal:
        """Read a typed number and check it."""
        number = read_number(said)
        if number is None:
            return Refusal(
                "Не понял число «{said}». Например: {example}",
                {"said": shortened(said.strip()), "example": self.shown},
            )
        return self.refusal(number) or number

    def rounded(self, number: Decimal) -> Decimal:
        """Round a computed number half up to the digits of the unit."""
        if digits_after_comma(number) <= self.decimals:
            return number
        return number.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)


class NumberStep(LimitedStep, BoundedStep):
    """Ask for a number. `- number: weight` stores it under `weight`, as an exact decimal in its
    unit. The value of a button is rounded half up to the digits of the unit."""

    kind: ClassVar[str] = "number"
    expects: ClassVar[str] = Message("число")

    unit: str = Field(
        default="", description="A unit of project.yaml; brings decimals and the sensor range."
    )

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a number in the step's unit."""
        return Number(self.unit)

    def measure(self, view: View) -> Measure:
        """Return what the number must be now."""
        return Measure(view.unit, view.unit.decimals, self.bounds(view), self.example)

    def read(self, given: Input, view: View) -> Outcome:
        """Take a typed number or a ready answer inside the range."""
        measure, ready = self.measure(view), self.ready(given, view)
        if isinstance(ready, Decimal):
            number = measure.rounded(ready)
            return measure.outside(number) or Taken(number)
        if given.kind is not Kind.TEXT:
            return self.wrong(given)
        read = measure.read(given.said)
        return Taken(read) if isinstance(read, Decimal) else read

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether a number is still inside its range."""
        number = exact(value)
        return isinstance(number, Decimal) and self.measure(view).outside(number) is None
