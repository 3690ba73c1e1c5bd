"""The nearest known word to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = str.maketrans("асеорхукмнвт", "aceopxykmhbt")  # Russian letters that look like Latin ones
CUTOFF = 0.6


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate nearest to a word, ignoring case and letters that look alike; None when none is near.

    >>> nearest("frozn", ["frozen", "chilled"])
    'frozen'
    >>> nearest("bone", ["frozen", "chilled"]) is None
    True
    """
    by_key: dict[str, str] = {}
    for candidate in candidates:
        by_key.setdefault(candidate.casefold().translate(_ALIKE), candidate)
    found = get_close_matches(word.casefold().translate(_ALIKE), by_key, 1, CUTOFF)
    return by_key[found[0]] if found else None


def hint(word: str, candidates: Iterable[str], words: str = "варианты") -> str:
    """Return the remedy for a mistyped word: the nearest one and what there is."""
    known = list(candidates)
    near = nearest(word, known)
    listed = f"{words}: {', '.join(known[:12])}{'…' if len(known) > 12 else ''}" if known else ""
    return f"возможно, «{near}»? {listed}".strip() if near else listed
