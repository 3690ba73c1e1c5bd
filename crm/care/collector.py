"""Every error of the journal, told to a collector of errors: Sentry, GlitchTip, or whatever takes a
JSON object by POST. The journal stays the truth: what the collector does not take is dropped.

The object has the fields of a Sentry event, filled from the masked line of the journal, so nothing
leaves that the journal does not have."""

from __future__ import annotations

import json
import logging
import os
from http.client import HTTPException
from queue import Full, Queue
from threading import Thread
from time import monotonic
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

from crm.care.logs import Json
from crm.configuration import VERSION

log = logging.getLogger(__name__)

MOST = 100  # that wait: a flood of errors takes neither memory nor time of who works
ANSWER_S = 5
LAST_S = 3.0  # that the end of a process waits for what it said last


class ToCollector(logging.Handler):
    """Sends errors from a thread of its own: whoever logs one waits for nobody."""

    def __init__(self, url: str) -> None:
        super().__init__(logging.ERROR)
        self._url, self._form = url, Json()
        self._begin()

    def emit(self, record: logging.LogRecord) -> None:
        """Let an error be told; one that finds a hundred waiting is dropped and counted."""
        try:
            if self._of != os.getpid():  # a fork has the queue and not the thread
                self._begin()
            if not self._thread.is_alive():
                self._thread.start()
            self._waiting.put_nowait(self._event(record))
        except Full:
            self._dropped += 1
        except (LookupError, RuntimeError, TypeError, ValueError):  # as every handler does
            self.handleError(record)

    def flush(self) -> None:
        """Give what waits a moment to leave; called at the end of a process."""
        if self._of == os.getpid() and self._thread.is_alive():
            with self._waiting.all_tasks_done:
                self._waiting.all_tasks_done.wait_for(self._is_idle, LAST_S)

    def _begin(self) -> None:
        self._of, self._dropped = os.getpid(), 0
        self._waiting: Queue[dict[str, Any]] = Queue(MOST)
        self._thread = Thread(target=self._send, name="errors", daemon=True)

    def _event(self, record: logging.LogRecord) -> dict[str, Any]:
        said = json.loads(self._form.format(record))
        return {
            "event_id": uuid4().hex,
            "timestamp": record.created,
            "platform": "python",
            "level": "fatal" if record.levelno >= logging.CRITICAL else "error",
            "logger": said["logger"],
            "message": said["message"],
            "release": f"meatbot@{VERSION}",
            "tags": {"trail": said["trail"]},
            "extra": {"trace": said.get("exc_info", ""), "dropped": self._dropped},
        }

    def _send(self) -> None:
        said_at = -3600.0
        while True:
            event = self._waiting.get()
            try:
                self._post(event)
            except (OSError, HTTPException) as error:
                if monotonic() - said_at > 600:  # not of each: nobody reads the same line twice
                    said_at = monotonic()
                    log.warning("the collector of errors does not answer: %s", error)
            finally:
                self._waiting.task_done()

    def _is_idle(self) -> bool:
        return not self._waiting.unfinished_tasks

    def _post(self, event: dict[str, Any]) -> None:
        body = json.dumps(event, ensure_ascii=False).encode()
        wanted = Request(self._url, body, {"Content-Type": "application/json"})  # noqa: S310 - http(s) by the settings
        with urlopen(wanted, timeout=ANSWER_S) as answer:  # noqa: S310 - as above
            answer.read()
