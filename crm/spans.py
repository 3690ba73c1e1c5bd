"""Texts of the engine as JSON for columns: a list of {"text", "style"} in order. A message stays
one, so that whoever reads it later reads it in his language."""

from __future__ import annotations

from typing import Any, cast

from engine.languages.packed import pack, unpack
from engine.model.text import Span, Style, Text


def to_json(text: Text) -> list[dict[str, Any]]:
    """Write a text for a JSON column.

    >>> to_json(Text.of("Партия ") + Text.of("2211/3", "bold"))
    [{'text': 'Партия ', 'style': ''}, {'text': '2211/3', 'style': 'bold'}]
    """
    return [{"text": pack(span.text), "style": span.style} for span in text.spans]


def from_json(spans: list[dict[str, Any]]) -> Text:
    """Read a text back from a JSON column."""
    return Text(
        tuple(Span(unpack(span["text"]), cast(Style, span.get("style", ""))) for span in spans)
    )


def plain(spans: list[dict[str, Any]]) -> str:
    """Return the characters alone."""
    return str(from_json(spans))
