"""Files of YAML changed in place: what an edit does not name stays as it was written, comments and
spaces too. Start at `edited`."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import Edit, EngineError


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits done, the last one first, so that places stay what they were.

    Of two that overlap the earlier one is left out: it is for the next run. Raises EngineError when
    an edit does not find its old words."""
    starts = _starts(text)
    changed, before = text, len(text)
    for edit in sorted(set(edits), key=lambda one: (one.line, one.column), reverse=True):
        start = starts[edit.line - 1] + edit.column - 1
        end = start + len(edit.old)
        if text[start:end] != edit.old:
            raise EngineError(f"line {edit.line} has no «{edit.old}» at column {edit.column}")
        if end <= before:
            changed, before = changed[:start] + edit.new + changed[end:], start
    return changed


def _starts(text: str) -> list[int]:
    """Return where each line begins; lines end as the reader of YAML has them end."""
    starts, at = [0], 0
    while at < len(text):
        character = text[at]
        at += 2 if text[at : at + 2] == "\r\n" else 1
        if character in "\r\n\x85\u2028\u2029":
            starts.append(at)
    return starts
