"""What goes wrong with files. Everything here is an EngineError, so that callers may catch one."""

from __future__ import annotations

from engine.errors import EngineError


class FileMissing(EngineError):
    """There is no file under this key."""


class BadKey(EngineError):
    """A key that is not kind/yyyy/mm/uuid-like: it could name something outside of the store."""


class FileTooLarge(EngineError):
    """Content over the limit of `engine.files.keys.LARGEST`."""


class StoreUnavailable(EngineError):
    """The store did not take or give a file, after all tries."""


class LinkRefused(EngineError):
    """A link that opens nothing: show «Ссылка устарела», never what was wrong."""


class LinkExpired(LinkRefused):
    """The link was good, but its time is over."""


class LinkForged(LinkRefused):
    """Nobody signed this link with our secret."""
