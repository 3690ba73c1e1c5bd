"""The journal: lines for people or JSON for machines, each with the name of the work that it
belongs to; secrets and what tells who somebody is are masked in the finished line, traces too."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from urllib.parse import quote

from pydantic import SecretStr
from pythonjsonlogger.json import JsonFormatter

from crm.configuration import settings
from engine.model.trail import trail

HIDDEN = "<secret>"
SHORTEST = 6  # characters: a shorter secret would mask half of the words
_CHAT = re.compile(r"\b(chat )-?\d*(\d{3})\b")  # three digits tell chats apart in one journal
_PHONE = re.compile(r"\+\d{7,11}(\d{2})\b")


class Lines(logging.Formatter):
    """A line for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(trail)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        record.trail = trail() or "-"
        return masked(super().format(record))


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


@lru_cache(maxsize=1)
def _secrets() -> tuple[str, ...]:
    """Return every secret of the settings, as written and as an address has it."""
    configuration = settings()
    known = [
        value.get_secret_value()
        for value in (getattr(configuration, name) for name in type(configuration).model_fields)
        if isinstance(value, SecretStr)
    ]
    known.append(str(configuration.database.get("PASSWORD", "")))
    both = {form for secret in known for form in (secret, quote(secret, safe=""))}
    return tuple(sorted((one for one in both if len(one) >= SHORTEST), key=len, reverse=True))
