"""The nearest known word to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# Russian letters that look like Latin ones.
_ALIKE = str.maketrans("асеорхукмнвті", "aceopxykmhbti")
CUTOFF, MOST_LISTED, LONGEST_WORD = 0.6, 12, 80


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate nearest to a word, ignoring case and letters that look alike; None when
    none is near.

    >>> nearest("frozn", ["frozen", "chilled"])
    'frozen'
    >>> nearest("bone", ["frozen", "chilled"]) is None
    True
    """
    by_key: dict[str, str] = {}
    for candidate in candidates:
        by_key.setdefault(_key(candidate), candidate)
    found = get_close_matches(_key(word[:LONGEST_WORD]), by_key, 1, CUTOFF)
    return by_key[found[0]] if found else None


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
