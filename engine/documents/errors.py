"""What is wrong with a layout."""

from __future__ import annotations

from engine.errors import EngineError


class BadLayout(EngineError):
    """A layout that cannot be printed. Its words are for the author: the checker makes them a
    Finding. `line` is a paragraph's number in its part, 0 when unknown; `where` its text."""

    def __init__(self, message: str, line: int = 0, where: str = "") -> None:
        super().__init__(f"{message} ({where})" if where else message)
        self.message, self.line, self.where = message, line, where
