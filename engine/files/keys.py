"""Keys and limits that every store obeys, so that a file may move between them."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from uuid import uuid4

from engine.files.errors import BadKey, FileTooLarge
from engine.model.files import StoredFile

LARGEST = 20 * 1024 * 1024  # bytes
LONGEST_KEY = 200  # characters; the columns that hold keys are as wide

# At least two segments, none of which starts with a dot: no «..», no hidden file, no absolute path.
_SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_KEY = re.compile(rf"{_SEGMENT}(/{_SEGMENT})+")
_PREFIX = re.compile(rf"(|{_SEGMENT}(/{_SEGMENT})*/?)")


def object_key(kind: str, at: datetime) -> str:
    """Return a new key kind/yyyy/mm/uuid; `at` says which month."""
    return checked(f"{kind}/{at:%Y/%m}/{uuid4()}")


def checked(key: str) -> str:
    """Return the key itself. Raises BadKey when it may name something outside of the store."""
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        raise BadKey(f"not a file key: {key!r}")
    return key


def checked_prefix(prefix: str) -> str:
    """Return the prefix itself, empty for everything. Raises BadKey like `checked`."""
    if len(prefix) > LONGEST_KEY or not _PREFIX.fullmatch(prefix):
        raise BadKey(f"not a prefix of file keys: {prefix!r}")
    return prefix


def described(key: str, content: bytes, mime: str) -> StoredFile:
    """Describe content under a key. Raises BadKey, or FileTooLarge over 20 MiB."""
    if len(content) > LARGEST:
        raise FileTooLarge(f"{key}: {len(content)} bytes, at most {LARGEST}")
    return StoredFile(checked(key), hashlib.sha256(content).hexdigest(), len(content), mime)
