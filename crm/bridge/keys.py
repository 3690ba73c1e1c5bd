"""Ids of rows as the engine hands them over: texts, also what somebody forged."""

from __future__ import annotations

LARGEST = 2**63 - 1  # that a column of keys holds


def key_of(identity: str) -> int | None:
    """Return the key that a text is; None when no row can have it.

    >>> key_of("12"), key_of("²"), key_of("9" * 40)
    (12, None, None)
    """
    if not (identity.isascii() and identity.isdigit()):
        return None
    key = int(identity) if len(identity) < 20 else LARGEST + 1
    return key if key <= LARGEST else None
