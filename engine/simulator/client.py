"""A person's hands for tests and demos: drive phones over HTTP from synchronous code. Start at
`PhoneClient`."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

OK = 200
LONGEST_WAIT_S = 60.0
PATIENCE_S = 60.0  # on a busy machine; what comes at once costs nothing


class PhoneError(RuntimeError):
    """The simulator refused an act, or the bot did not do in time what was waited for."""


class PhoneClient:
    """Phones of a running simulator. Messages are the JSON of `/sim/chats/<id>/messages`."""

    def __init__(self, url: str, timeout_s: float = PATIENCE_S) -> None:
        self.url = url.rstrip("/")
        self.timeout_s = timeout_s

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """GET `/sim/…` and return its JSON. Raises PhoneError with the server's words."""
        return self._ask("GET", f"{path}?{urlencode(query)}")

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST JSON to `/sim/…` and return the answer. Raises PhoneError."""
        return self._ask("POST", path, json.dumps(body).encode(), "application/json")

    def _ask(self, verb: str, path: str, data: bytes = b"", kind: str = "") -> dict[str, Any]:
        address = urlsplit(self.url)
        connection = HTTPConnection(address.netloc, timeout=self.timeout_s + LONGEST_WAIT_S)
        try:
            connection.request(verb, path, data or None, {"Content-Type": kind} if kind else {})
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except OSError as error:
            raise PhoneError(f"{self.url}: {error}") from error
        finally:
            connection.close()
        if not (answer.getheader("Content-Type") or "").startswith("application/json"):
            raise PhoneError(f"{answer.status} {path}: {text[:200]}")
        found = json.loads(text)
        if answer.status != OK:
            raise PhoneError(str(found.get("error") or found.get("description")))
        if not isinstance(found, dict):
            raise PhoneError(f"unexpected answer of {path}")
        return found

    def chat(self, chat_id: int, after: int = 0, wait_s: float = 0) -> dict[str, Any]:
        """Return what stands in a chat, or what changed after a revision, waiting for a change."""
        return self.get(f"/sim/chats/{chat_id}/messages", after=after, wait=wait_s)

    def text(self, chat_id: int, text: str) -> None:
        """Type a text."""
        self.post(f"/sim/chats/{chat_id}/text", {"text": text})

    def tap(self, chat_id: int, label: str) -> None:
        """Press a button of the reply keyboard."""
        self.post(f"/sim/chats/{chat_id}/reply", {"label": label})

    def press(self, chat_id: int, label: str = "", data: str = "", message_id: int = 0) -> str:
        """Press an inline button by its text or its data; return the query id, "" for a link."""
        body = {"label": label, "data": data, "message_id": message_id}
        return str(self.post(f"/sim/chats/{chat_id}/press", body).get("query", ""))

    def forge(self, chat_id: int, data: str, message_id: int = 0) -> str:
        """Send callback data that no button has; return the query id."""
        body = {"data": data, "message_id": message_id}
        return str(self.post(f"/sim/chats/{chat_id}/callback", body)["query"])

    def samples(
        self, chat_id: int, names: Sequence[str], *, as_file: bool = False, caption: str = ""
    ) -> None:
        """Send ready-made photos by name: one, or an album; or each as a file."""
        act = "document" if as_file else "photos"
        self.post(f"/sim/chats/{chat_id}/{act}", {"samples": list(names), "caption": caption})

    def upload(
        self,
        chat_id: int,
        files: Sequence[tuple[str, bytes, str]],
        *,
        as_file: bool = False,
        caption: str = "",
    ) -> None:
        """Send files given as (name, bytes, MIME type): as photos (two and more: an album), or as
        files."""
        edge = uuid.uuid4().hex
        parts = [_part(edge, 'name="caption"', "", caption.encode())]
        for number, (name, data, mime) in enumerate(files):
            head = f'name="file{number}"; filename="{name}"'
            parts.append(_part(edge, head, f"Content-Type: {mime}\r\n", data))
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        act = "document" if as_file else "photos"
        kind = f"multipart/form-data; boundary={edge}"
        self._ask("POST", f"/sim/chats/{chat_id}/{act}", body, kind)

    def wait(
        self, chat_id: int, until: Callable[[dict[str, Any]], bool], timeout_s: float | None = None
    ) -> dict[str, Any]:
        """Wait until the chat (as `chat` returns it) satisfies a condition; return it. Raises
        PhoneError."""
        deadline = time.monotonic() + (timeout_s or self.timeout_s)
        while True:
            seen = self.chat(chat_id)
            if until(seen):
                return seen
            left = deadline - time.monotonic()
            if left <= 0:
                last = [message["text"] for message in seen["messages"][-3:]]
                raise PhoneError(f"chat {chat_id}: did not come in time; last messages: {last}")
            self.chat(chat_id, after=int(seen["revision"]), wait_s=left)

    def wait_text(
        self, chat_id: int, part: str, *, after_id: int = 0, timeout_s: float | None = None
    ) -> dict[str, Any]:
        """Wait for a message of the bot, newer than an id, that contains a text; return the
        message."""

        def found(chat: dict[str, Any]) -> list[dict[str, Any]]:
            return [
                message
                for message in chat["messages"]
                if not message["mine"] and message["id"] > after_id and part in message["text"]
            ]

        return found(self.wait(chat_id, lambda chat: bool(found(chat)), timeout_s))[-1]

    def wait_toast(
        self, chat_id: int, query: str, timeout_s: float | None = None
    ) -> dict[str, Any]:
        """Wait for the answer to a press; return the toast (its text may be empty)."""

        def found(chat: dict[str, Any]) -> list[dict[str, Any]]:
            return [toast for toast in chat["toasts"] if toast["id"] == query]

        return found(self.wait(chat_id, lambda chat: bool(found(chat)), timeout_s))[-1]

    def wait_bot(self, timeout_s: float = PATIENCE_S) -> None:
        """Wait until the bot asks for updates. Raises PhoneError."""
        deadline = time.monotonic() + timeout_s
        while self.get("/sim/state")["bot"]["status"] != "online":
            if time.monotonic() > deadline:
                raise PhoneError("the bot did not start in time")
            time.sleep(0.1)

    def faults(self, **counts: Any) -> None:
        """Set faults: duplicate, rate_limit, retry_after, server_error, drop, drop_answer,
        blocked, limits."""
        self.post("/sim/faults", counts)


def _part(edge: str, head: str, kind: str, data: bytes) -> bytes:
    return (
        f"--{edge}\r\nContent-Disposition: form-data; {head}\r\n{kind}\r\n".encode()
        + data
        + b"\r\n"
    )
