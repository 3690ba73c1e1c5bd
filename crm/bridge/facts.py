"""Facts: typed read-only queries by the names of the Vocabulary."""

from __future__ import annotations

from engine.errors import EngineError
from engine.model.values import Value


class DjangoFacts:
    """The Facts port.

    The intake asks no fact; a name that is not there is our bug, never a pass."""

    def ask(self, fact: str, arguments: tuple[Value, ...]) -> Value:
        """Answer a fact of the Vocabulary. Raises EngineError for an unknown one."""
        raise EngineError(f"no fact {fact}{arguments}")
