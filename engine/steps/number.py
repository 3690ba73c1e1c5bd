"""Ask for a number, as people on the floor type it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from engine.errors import Refusal
from engine.expressions.types import Number, Type
from engine.expressions.written import Expression, Title
from engine.languages.message import Message
from engine.model.conversation import Button, Input, Keyboard, Kind
from engine.model.values import Value, show_number
from engine.steps.base import LimitedStep, Outcome, Taken, View, shortened

LONGEST = 30  # characters; no mass and no temperature needs more
_DASHES = "-\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}"
_SPACES = " \N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
_NUMBER = re.compile(
    rf"(?P<sign>[{_DASHES}])?[{_SPACES}]*(?P<whole>[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+|[0-9]+)"
    rf"(?:[.,](?P<rest>[0-9]+))?"
)


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
    value = Decimal(f"{digits}.{match['rest'] or 0}" if match["rest"] else digits)
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


class NumberStep(LimitedStep):
    """Ask for a number. `- number: weight` stores it under `weight`, as an exact decimal in its
    unit."""

    kind: ClassVar[str] = "number"
    expects: ClassVar[str] = Message("число")

    unit: str = Field(
        default="", description="A unit of project.yaml; brings decimals and the sensor range."
    )
    range: tuple[Expression, Expression] | None = Field(
        default=None, description="Bounds as expressions; outside is a typing error and refused."
    )
    buttons: dict[Title, Expression] = Field(
        default={}, description="Ready answers: title to expression."
    )

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a number in the step's unit."""
        return Number(self.unit)

    def expressions(self) -> tuple[str, ...]:
        """Return bounds and ready answers."""
        return (*(self.range or ()), *self.buttons.values())

    def keyboard(self, view: View) -> Keyboard:
        """Return ready answers whose value is set."""
        return tuple(
            (Button(title, "ready", title),)
            for title, expression in self.buttons.items()
            if view.evaluate(expression) is not None
        )

    def read(self, given: Input, view: View) -> Outcome:
        """Take a typed number or a ready answer inside the range."""
        if given.kind is Kind.PRESS and given.act == "ready" and given.arg in self.buttons:
            value = view.evaluate(self.buttons[given.arg])
            number = value if isinstance(value, Decimal) else None
        elif given.kind is Kind.TEXT:
            number = read_number(given.said)
        else:
            return self.wrong(given)
        if number is None:
            return Refusal(
                "Не понял число «{said}». Например: {example}",
                {"said": shortened(given.said.strip()), "example": self._example(view)},
            )
        return self._measured(number, view)

    def _example(self, view: View) -> str:
        return self.example or ("12,5" if self._decimals(view) else "12")

    def _decimals(self, view: View) -> int:
        return view.unit.decimals

    def _measured(self, number: Decimal, view: View) -> Outcome:
        decimals = self._decimals(view)
        if digits_after_comma(number) > decimals:
            if not decimals:
                return Refusal(
                    "Нужно целое число, например {example}", {"example": self._example(view)}
                )
            return Refusal(
                "Знаков после запятой — не больше {decimals}. Например: {example}",
                {"decimals": str(decimals), "example": self._example(view)},
            )
        return self._ranged(number, view) or Taken(number)

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether a number is still inside its range."""
        return isinstance(value, Decimal) and self._ranged(value, view) is None

    def _ranged(self, number: Decimal, view: View) -> Refusal | None:
        bounds: list[tuple[Value, Value]] = [(view.unit.least, view.unit.most)]
        if self.range:
            bounds.append((view.evaluate(self.range[0]), view.evaluate(self.range[1])))
        for least, most in reversed(bounds):
            if (isinstance(least, Decimal) and number < least) or (
                isinstance(most, Decimal) and number > most
            ):
                return Refusal(
                    "Нужно число от {least} до {most} {unit}",
                    {
                        "least": show_number(least) if isinstance(least, Decimal) else "…",
                        "most": show_number(most) if isinstance(most, Decimal) else "…",
                        "unit": {"kg": Message("кг")}.get(self.unit, self.unit),
                    },
                )
        return None
