"""Labels of buttons, cut to what Telegram shows so that what tells them apart stays: numbers are
kept, the longest words give way. Start at `labels`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

LONGEST = 40  # characters of a label (domain, rule 25)
CUT = "…"
_BETWEEN = re.compile(r"(\s+[–—·|×-]\s+|[,;:]\s+)")
_WORDS = re.compile(r"([^\w…]+)")
_NUMBER = re.compile(r"\d")


def label(words: str, most: int = LONGEST) -> str:
    """Return a label of at most so many characters: parts without a number are cut, the longest
    first, then words; where that is not enough, the middle of a label that ends with a number, else
    its end.

    >>> label("2011/3 – Птицефабрика «Образцовая» – 1 200 кг – Ж 17,00")
    '2011/3 – Птицефабр… – 1 200 кг – Ж 17,00'
    >>> label("Учебная компания с очень длинным названием, филиал 2")
    'Учебная компания с очень длин…, филиал 2'
    >>> label("Учебная компания с очень длинным названием")
    'Учебная компания с очень длинным назван…'
    """
    words = _plain(words)
    if len(words) <= most:
        return words
    has_number = _NUMBER.search(words) is not None
    shrunk = words
    for between, least in ((_BETWEEN, 4), (_WORDS, 4), (_BETWEEN, 2)):
        if between is _BETWEEN or has_number:
            shrunk = _shrunk(shrunk, most, between, least)
        if len(shrunk) <= most:
            return shrunk
    return _by_middle(words, most) if _NUMBER.search(words[-most // 3 :]) else _by_head(words, most)


def labels(words: Sequence[str], most: int = LONGEST) -> tuple[str, ...]:
    """Return the labels of one keyboard. Those that would look the same are cut in another place:
    in the middle, so that both ends are seen, or at the end."""
    return _labels(tuple(words), most)


@lru_cache(maxsize=1024)  # a question has the same buttons for everybody
def _labels(words: tuple[str, ...], most: int) -> tuple[str, ...]:
    whole = [_plain(one) for one in words]
    found = [one if len(one) <= most else label(one, most) for one in whole]
    for cut in (_by_middle, _by_head):
        alike = _ambiguous(found, whole)
        if not alike:
            break
        found = [
            cut(one, most) if shown in alike else shown
            for shown, one in zip(found, whole, strict=True)
        ]
    return tuple(found)


def _plain(words: str) -> str:
    return " ".join(words.split()) or CUT


def _ambiguous(found: Sequence[str], words: Sequence[str]) -> set[str]:
    """Return the labels each of which stands for different words."""
    first: dict[str, str] = {}
    return {
        one
        for one, whole in zip(found, words, strict=True)
        if first.setdefault(one, whole) != whole
    }


def _shrunk(words: str, most: int, between: re.Pattern[str], least: int) -> str:
    """Cut the parts that have no number, the longest first, none to fewer characters than `least`;
    a label of one part stays as it is."""
    parts = between.split(words)
    plain = [at for at in range(0, len(parts), 2) if not _NUMBER.search(parts[at])]
    if len(parts) == 1:
        return words
    while (over := len("".join(parts)) - most) > 0 and plain:
        longest = max(plain, key=lambda at: len(parts[at]))
        second = max((len(parts[at]) for at in plain if at != longest), default=0)
        whole = len(parts[longest])
        size = min(max(least, second, whole - over), whole - 1)
        if size < least:
            break
        parts[longest] = parts[longest].removesuffix(CUT)[: size - 1].rstrip() + CUT
    return "".join(parts)


def _by_middle(words: str, most: int) -> str:
    """Keep both ends, the last third at whole words."""
    if len(words) <= most:
        return words
    tail = words[-(most // 3) :]
    tail = tail.partition(" ")[2] or tail
    return f"{words[: most - len(tail) - 1].rstrip()}{CUT}{tail}"


def _by_head(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + CUT
