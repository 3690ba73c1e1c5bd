"""The Facts port over `crm/<app>/facts/`: one file a fact, found by listing those folders."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, timedelta
from decimal import Decimal

from crm.asked_once import remembered
from crm.bridge.convert import convert
from crm.bridge.just_read import JustRead
from crm.bridge.listing import facts
from crm.bridge.records import RECORDS, value_of
from engine.errors import EngineError
from engine.expressions.known import type_of
from engine.model.values import Option, Row, Value


class DjangoFacts:
    """The Facts port. A name that is not there is our bug, never a pass.

    `read` are the rows that whoever asks has just read."""

    def __init__(self, read: JustRead | None = None) -> None:
        self._read = read or JustRead()

    def ask(self, fact: str, arguments: tuple[Value, ...]) -> Value:
        """Answer a fact of the Vocabulary. Raises EngineError for an unknown one."""
        known = facts().get(fact)
        if known is None or len(arguments) > len(known.params):
            raise EngineError(f"no fact {fact}{arguments}")

        def answer() -> Value:
            given = convert(arguments, known.params[: len(arguments)], read=self._read)
            return value_of(known.answer(*given), type_of(known.result))

        try:
            key = (fact, tuple(_key(one) for one in arguments))
        except TypeError:  # a line without a table, or a list of them: told by all that it holds
            return answer()
        return remembered(key, answer)


def _key(value: Value) -> Hashable:
    """Return what tells an argument from another. Raises TypeError for one that is told by all
    that it holds."""
    match value:
        case Row(kind, identity) if kind in RECORDS:
            return Row, kind, identity
        case Decimal():
            return Decimal, str(value)  # 1,0 and 1,00 are shown differently
        case None | bool() | int() | str() | date() | timedelta() | Option():
            return type(value), value
        case _:
            raise TypeError(f"{value!r} has no key")
