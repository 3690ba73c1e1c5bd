"""Texts of messages as spans, so that what people type is escaped by construction.

A span holds plain characters and a style; only `engine.telegram` turns it into HTML, escaping every
span."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.languages.catalogue import Say
from engine.languages.message import listed
from engine.model.quick import quick

Style = Literal["", "bold", "italic", "code"]


WARNING = "⚠ "  # how a line that warns begins


@quick
@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters in one style; a Message is said in the reader's language."""

    text: str
    style: Style = ""


BREAK = Span("\n")


@quick
@dataclass(frozen=True, slots=True)
class Text:
    """A text for a person: spans in order. `Text.of("…")` makes a plain one, `+` joins."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, text: str, style: Style = "") -> Text:
        """Make a text of one span; an empty string gives an empty text."""
        return cls((Span(text, style),)) if text else cls()

    @property
    def message(self) -> str:
        """The characters as one string, a message where the spans are messages."""
        if len(self.spans) == 1:
            return self.spans[0].text
        return listed((span.text for span in self.spans), "")

    def styled(self, style: Style) -> Text:
        """Return the same words in another style."""
        return Text(tuple(Span(span.text, style) for span in self.spans))

    @property
    def first_line(self) -> str:
        """The characters of the first line, as a message where the text is made of messages."""
        line: list[str] = []
        for span in self.spans:
            head, broken, _ = span.text.partition("\n")
            line.append(head if broken else span.text)
            if broken:
                break
        return listed(line, "")

    def __add__(self, other: Text | str) -> Text:
        more = Text.of(other) if isinstance(other, str) else other
        return Text(self.spans + more.spans)

    def said(self, say: Say) -> Text:
        """Return the text in a reader's language; its spans are plain characters then."""
        return Text(tuple(Span(say(span.text), span.style) for span in self.spans))

    def __str__(self) -> str:
        return "".join(span.text for span in self.spans)

    def __bool__(self) -> bool:
        return any(span.text for span in self.spans)


def warned(text: str) -> Text:
    """Make a text that warns."""
    return Text.of(WARNING) + text


def warns(text: Text) -> bool:
    """Tell whether a line of a text warns.

    >>> warns(lines("Масса?", warned("От 0 до 100 кг"))), warns(Text.of("Масса?"))
    (True, False)
    """
    return any(line.startswith(WARNING) for line in str(text).split("\n"))


def bold(text: str) -> Text:
    """Make a bold text of plain characters."""
    return Text.of(text, "bold")


def lines(*texts: Text | str) -> Text:
    """Join texts by line breaks, leaving out empty ones."""
    spans: list[Span] = []
    for text in texts:
        if text:
            if spans:
                spans.append(BREAK)
            spans.extend((Span(text),) if isinstance(text, str) else text.spans)
    return Text(tuple(spans))
