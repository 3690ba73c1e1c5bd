"""Texts as Telegram takes them: HTML with every span escaped, cut to Telegram's lengths.

Telegram counts UTF-16 units of the text that is left when the tags are gone; so does this
module."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from engine.model.text import Span, Style, Text

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
NOTHING = "…"  # stands for a text without characters, which Telegram refuses

_TAGS: dict[Style, str] = {"bold": "b", "italic": "i", "code": "code"}


def html(text: Text) -> str:
    """Write a text as HTML; what people typed can neither format nor break it.

    >>> html(Text.of("<b> & ") + Text.of("масса", "bold"))
    '&lt;b&gt; &amp; <b>масса</b>'
    """
    return "".join(_written(span) for span in text.spans if span.text)


def _written(span: Span) -> str:
    characters = escape(span.text, quote=False)
    tag = _TAGS.get(span.style)
    return f"<{tag}>{characters}</{tag}>" if tag else characters


def length(characters: str) -> int:
    """Count characters as Telegram does, in UTF-16 units.

    >>> length("вес 🥩")
    6
    """
    return len(characters) + sum(ord(character) > 0xFFFF for character in characters)


def split(text: Text, limit: int = LONGEST_TEXT) -> tuple[Text, ...]:
    """Cut a text into parts of at most `limit` units: at the ends of lines, else at spaces, else
    anywhere.

    Parts without anything to read are left out; there is always at least one part."""
    whole = str(text)
    if 2 * len(whole) <= limit and whole.strip():  # as most are: no character counts for more
        return (text,)
    parts = tuple(_slice(text, start, end) for start, end in _cuts(whole, limit))
    shown = tuple(part for part in parts if str(part).strip())
    return shown or (Text.of(NOTHING),)


def _cuts(whole: str, limit: int) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(whole):
        end = _fitting(whole, start, limit)
        if end < len(whole):
            line = whole.rfind("\n", start, end + 1)
            space = whole.rfind(" ", start, end + 1)
            end = next((cut for cut in (line, space) if cut > start), end)
        yield start, end
        start = end + (end < len(whole) and whole[end] in "\n ")


def _fitting(whole: str, start: int, limit: int) -> int:
    end, units = start, 0
    while end < len(whole):
        units += 2 if ord(whole[end]) > 0xFFFF else 1
        if units > limit:
            break
        end += 1
    return end


def _slice(text: Text, start: int, end: int) -> Text:
    spans, at = [], 0
    for span in text.spans:
        piece = span.text[max(0, start - at) : max(0, end - at)]
        if piece:
            spans.append(Span(piece, span.style))
        at += len(span.text)
    return Text(tuple(spans))
