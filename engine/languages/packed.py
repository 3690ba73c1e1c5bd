"""Messages as plain JSON and back, for what is kept now and read later by somebody else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.languages.message import Message, Numeral


def pack(text: str) -> Any:
    """Return a text as JSON: a plain string as it is, a Message by its parts; parts that are not
    set are left out.

    >>> pack(Message("Осталось {left} кг", {"left": "81,000"}))
    {'t': 'Осталось {left} кг', 'v': {'left': '81,000'}}
    >>> pack(Message("На складе", capital=False))
    {'t': 'На складе', 'c': False}
    >>> pack(Numeral("1 250", 1250))
    {'s': '1 250', 'n': '1250'}
    """
    if isinstance(text, Numeral):
        return {"s": str(text), "n": str(text.number)}
    if not isinstance(text, Message):
        return text
    parts = {
        "t": text.template,
        "v": {name: pack(value) for name, value in text.values.items()},
        "x": text.context,
        "f": dict(text.forms),
        "n": None if text.number is None else str(text.number),
        "c": text.capital,
    }
    return {name: part for name, part in parts.items() if part or part is False or name == "t"}


def unpack(data: Any) -> str:
    """Return the text of JSON made by `pack`."""
    if isinstance(data, str):
        return data
    number = data.get("n")
    if "s" in data:
        return Numeral(data["s"], Decimal(number))
    return Message(
        data["t"],
        {name: unpack(value) for name, value in data.get("v", {}).items()},
        context=data.get("x", ""),
        forms=data.get("f", {}),
        number=None if number is None else Decimal(number),
        capital=data.get("c"),
    )
