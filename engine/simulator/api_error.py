"""How a Bot API call fails: with the numbers and the words of Telegram itself.

The words are what bots match on, so they are copied letter for letter."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A call was refused. `code` is the HTTP status, `description` what Telegram says,
    `retry_after` seconds."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class Dropped(ConnectionResetError):
    """The connection broke instead of an answer (an injected fault)."""


def bad(what: str) -> ApiError:
    """Make the 400 that Telegram words as «Bad Request: …»."""
    return ApiError(400, f"Bad Request: {what}")


def too_many(retry_after: int) -> ApiError:
    """Make the 429 that tells how many seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after)


UNAUTHORIZED = (401, "Unauthorized")
NOT_FOUND = (404, "Not Found")
BLOCKED = (403, "Forbidden: bot was blocked by the user")
CONFLICT = (
    409,
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
)
HOOKED = (
    409,
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first",
)
TOO_LARGE = (413, "Request Entity Too Large")
INTERNAL = (500, "Internal Server Error")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
