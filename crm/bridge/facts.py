"""The Facts port over `crm/<app>/facts/`: one file a fact, found by listing those folders."""

from __future__ import annotations

from crm.bridge.convert import convert
from crm.bridge.just_read import JustRead
from crm.bridge.listing import facts
from crm.bridge.records import value_of
from engine.errors import EngineError
from engine.expressions.known import type_of
from engine.model.values import Value


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
        given = convert(arguments, known.params[: len(arguments)], read=self._read)
        return value_of(known.answer(*given), type_of(known.result))
