"""The journal: lines for people or JSON for machines, each with the name of the work that it
belongs to; secrets and what tells who somebody is are masked in the finished line, traces too."""

from __future__ import annotations

import json
import logging
import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from pydantic import SecretStr
from pythonjsonlogger.json import JsonFormatter

from crm.configuration import settings
from engine.model.trail import trail

HIDDEN = "<secret>"
SHORTEST = 6  # characters: a shorter secret would mask half of the words
_CHAT = re.compile(r"\b(chat )-?\d*(\d{3})\b")  # three digits tell chats apart in one journal
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # a tab is none here
_PHONE = re.compile(r"\+\d{7,11}(\d{2})\b")


class Lines(logging.Formatter):
    """A line for people. What follows on more lines is set off and control characters are written
    out: nothing that somebody typed or asked for can look like a line of its own."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(trail)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        record.trail = trail() or "-"
        first, *more = masked(super().format(record)).split("\n")
        return "\n    ".join(_CONTROL.sub(_written_out, line) for line in (first, *more))


class Json(JsonFormatter):
    """A JSON object a line: time, level, logger, trail, message, trace."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(trail)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        record.trail = trail() or "-"
        return masked(super().format(record))


def masked(line: str) -> str:
    """Return a line without secrets, whole numbers of chats and phones."""
    for secret in _secrets():
        line = line.replace(secret, HIDDEN)
    return _PHONE.sub(r"+…\1", _CHAT.sub(r"\1…\2", line))


def _written_out(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]


@lru_cache(maxsize=1)
def _secrets() -> tuple[str, ...]:
    """Return every secret of the settings, as written, as an address and as JSON has it."""
    configuration = settings()
    known = [
        value.get_secret_value()
        for value in (getattr(configuration, name) for name in type(configuration).model_fields)
        if isinstance(value, SecretStr)
    ]
    known.append(str(configuration.database.get("PASSWORD", "")))
    known.append(unquote(urlsplit(configuration.redis_url).password or ""))
    forms = {
        form for secret in known for form in (secret, quote(secret, safe=""), _in_json(secret))
    }
    return tuple(sorted((one for one in forms if len(one) >= SHORTEST), key=len, reverse=True))


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
