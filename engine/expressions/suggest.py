"""The nearest known word to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from engine.errors import say

# Russian letters that look like Latin ones.
_ALIKE = str.maketrans("асеорхукмнвті", "aceopxykmhbti")
CUTOFF, MOST_LISTED, SHORTEST, LONG, LONGEST_WORD = 0.6, 12, 3, 6, 80


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate nearest to a word, ignoring case and letters that look alike; None when
    none is near.

    >>> nearest("frozn", ["frozen", "chilled"])
    'frozen'
    >>> nearest("absolute", ["abs", "all"])
    'abs'
    >>> nearest("bone", ["frozen", "chilled"]) is None
    True
    """
    by_key: dict[str, str] = {}
    for candidate in candidates:
        by_key.setdefault(_key(candidate), candidate)
    key = _key(word[:LONGEST_WORD])
    found = get_close_matches(key, by_key, 1, CUTOFF) or _begun(key, by_key)
    return by_key[found[0]] if found else None


def _begun(key: str, known: Iterable[str]) -> list[str]:
    """Return the known words that this word lengthens or shortens, the longest first."""
    both = [(min(len(key), len(word)), word) for word in known]
    alike = [(size, word) for size, word in both if size >= SHORTEST and key[:size] == word[:size]]
    return [word for _, word in sorted(alike, reverse=True)]


def _key(word: str) -> str:
    return word.casefold().translate(_ALIKE)


def hint(word: str, candidates: Iterable[str], words: str = "варианты") -> str:
    """Return the remedy for a mistyped word: the nearest one and what there is.

    >>> hint("frozn", ["chilled", "frozen"])
    'возможно, «frozen»? варианты: chilled, frozen'
    """
    known = list(candidates)
    near = nearest(word, known)
    more = "…" if len(known) > MOST_LISTED else ""
    if not known:
        return ""
    listed = ", ".join(known[:MOST_LISTED]) + more
    if near is None:
        return say("{words}: {listed}", words=words, listed=listed)
    template = "возможно, «{near}»? {words}: {listed}"
    return say(template, near=near, words=words, listed=listed, certain=certain(word, known))


def certain(word: str, candidates: Iterable[str]) -> str:
    """Return the one candidate that a slip of the fingers makes this word: one edit away, two in
    a word of six letters or more, and no other as near; empty where that is not sure.

    >>> certain("frozn", ["frozen", "chilled"])
    'frozen'
    >>> certain("mko3", ["mko1", "mko2"])
    ''
    """
    most = 2 if len(word) >= LONG else 1
    near = [one for one in set(candidates) if 0 < distance(word, one, most) <= most]
    return near[0] if len(near) == 1 else ""


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters must be put, taken, changed or swapped with their neighbour to make
    one word of the other; above `most` it is only known to be more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row = [at]
        for to, match in enumerate(other, 1):
            cost = min(last[to] + 1, row[to - 1] + 1, last[to - 1] + (letter != match))
            if before and to > 1 and letter == other[to - 2] and one[at - 2] == match:
                cost = min(cost, before[to - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
