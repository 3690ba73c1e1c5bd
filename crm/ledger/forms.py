"""Under which version of the forms the books are written now: the bridge says it, every posting
document and every line of history keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_DIGEST: ContextVar[str | None] = ContextVar("digest of the forms", default=None)


@contextmanager
def under_forms(digest: str) -> Iterator[None]:
    """Write the books under a version of the forms while inside; may be nested."""
    before = _DIGEST.set(digest)
    try:
        yield
    finally:
        _DIGEST.reset(before)


def forms_digest() -> str | None:
    """Return the version that is written under; None of what no form and no lifecycle did."""
    return _DIGEST.get()
