"""Codes of names that people type."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import count

_LETTERS = dict(
    zip(
        "абвгдежзиклмнопрстуф",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
        ],
        strict=True,
    )
) | {"ё": "e", "й": "i", "х": "h", "ц": "ce", "ч": "ch", "ш": "sh", "щ": "shch", "ы": "y"}
_LETTERS |= {"э": "e", "ю": "yu", "я": "ya", "ъ": "", "ь": "", " ": "_", "-": "_"}


def transliterate(name: str) -> str:
    """Return a code of a Russian name in small Latin letters, digits and `_` (domain 13.3).

    Letters of no known alphabet and signs are left out; a name of nothing else gives `x`.

    >>> transliterate("Спинка ЦБ целая")
    'spinka_ceb_ceelaya'
    >>> transliterate("Шея ЦБ без кожи")
    'sheya_ceb_bez_kozhi'
    >>> transliterate("Объедки-щучьи №5")
    'obedki_shchuchi_5'
    """
    letters = "".join(_LETTERS.get(letter, letter) for letter in " ".join(name.split()).lower())
    return re.sub(r"[^a-z0-9_]", "", letters).strip("_")[:60] or "x"


def free_code(name: str, taken: Container[str]) -> str:
    """Return the code of a name, with `_2`, `_3`… when it is taken.

    >>> free_code("Шея", {"sheya"})
    'sheya_2'
    """
    code = transliterate(name)
    if code not in taken:
        return code
    return next(f"{code}_{n}" for n in count(2) if f"{code}_{n}" not in taken)
