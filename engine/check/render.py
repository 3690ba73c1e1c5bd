"""Findings as people read them: the line, the place underlined, the remedy beside it.

What programs read is in `formats`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from gettext import NullTranslations

from engine.errors import Finding, say
from engine.load.tree import Tree

Pieces = Iterator[tuple[str, str]]  # a piece of text and its style, of rich
CODE, MARK, FRAME = "bold red", "bold yellow", "blue"


def as_text(
    findings: Iterable[Finding],
    trees: Mapping[str, Tree],
    words: NullTranslations | None = None,
) -> str:
    """Return findings, already in the language of `words`, as plain text."""
    return "".join(text for text, _ in pieces(findings, trees, words or NullTranslations()))


def pieces(
    findings: Iterable[Finding], trees: Mapping[str, Tree], words: NullTranslations
) -> Pieces:
    """Give the pieces of the text of findings, with a style for a terminal each."""
    for at, finding in enumerate(findings):
        if at:
            yield "\n\n", ""
        yield from _one(finding, trees.get(finding.place.path), words)


def _one(finding: Finding, tree: Tree | None, words: NullTranslations) -> Pieces:
    place = finding.place
    yield f"{place}: ", "bold"
    yield f"{words.gettext('ошибка')} {finding.code}", CODE
    yield f": {finding.message}", "bold"
    source = tree.lines[place.line - 1] if tree and 0 < place.line <= len(tree.lines) else None
    gutter = " " * len(str(place.line))
    if source is not None:
        width = max(1, min(place.width, len(source) - place.column + 1))
        yield f"\n{gutter} |", FRAME
        yield f"\n{place.line} |", FRAME
        yield f" {source}", ""
        yield f"\n{gutter} |", FRAME
        yield f" {' ' * (place.column - 1)}{'^' * width}", MARK
        yield f" {finding.hint}".rstrip(), MARK
    elif finding.hint:
        yield f"\n{gutter} |", FRAME
        yield f" {finding.hint}", MARK
    if finding.consequence:
        yield f"\n{gutter} =", FRAME
        yield f" {finding.consequence}", ""


def count(findings: tuple[Finding, ...]) -> str:
    """Say how many mistakes there are."""
    return say("Ошибок: {count}", count=len(findings))
