"""Keeping the bot's token out of every log: it stands in the addresses of all calls."""

from __future__ import annotations

import logging
import traceback
from typing import Any

HIDDEN = "<token>"


def hide(token: str) -> None:
    """Replace a token in every log record made from now on, in the message and in the trace.

    Done where records are made, so that no handler or library that comes later can miss it. Hiding
    twice is harmless."""
    make = logging.getLogRecordFactory()
    if getattr(make, "hides", "") == token:
        return

    def without(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = make(*arguments, **named)
        _clean(record, token)
        return record

    without.hides = token  # type: ignore[attr-defined]  # a mark on a function
    logging.setLogRecordFactory(without)


def _clean(record: logging.LogRecord, token: str) -> None:
    said = record.getMessage()
    if token in said:
        record.msg, record.args = said.replace(token, HIDDEN), ()
    if record.exc_info and record.exc_info[0] is not None:
        trace = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        if token in trace:
            record.exc_info, record.exc_text = None, trace.replace(token, HIDDEN)
