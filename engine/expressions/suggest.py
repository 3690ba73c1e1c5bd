"""The nearest known word to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# Russian letters that look like Latin ones.
_ALIKE = str.maketrans("асеорхукмнвті", "aceopxykmhbti")
CUTOFF, MOST_LISTED, SHORTEST, LONGEST_WORD = 0.6, 12, 3, 80


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
    listed = f"{words}: {', '.join(known[:MOST_LISTED])}{more}" if known else ""
    return f"возможно, «{near}»? {listed}".strip() if near else listed
