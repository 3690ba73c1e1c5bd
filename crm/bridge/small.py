"""The small ones of stored pictures, made when somebody first looks at one and kept beside it."""

from __future__ import annotations

from engine.files.errors import FileMissing
from engine.files.small import MIME, small, small_key
from engine.ports import Files

TYPE = MIME


def small_picture(store: Files, key: str) -> bytes | None:
    """Return a picture as a small JPEG; None of what cannot be drawn or is not there. Raises
    EngineError while the store is away."""
    try:
        return store.get(small_key(key))
    except FileMissing:
        pass
    try:
        made = small(store.get(key))
    except FileMissing:
        return None
    if made is not None:
        store.put(small_key(key), made, MIME)
    return made
