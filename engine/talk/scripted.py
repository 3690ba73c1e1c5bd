"""Values written in `flows/samples.yaml`: texts, numbers, dates, lists, and records.

A record is a mapping with `kind`, and perhaps `id` and `title`, beside its fields; a field of one
of these names stands under `fields`. A number is
written plainly, a text in quotes that is a number stays one only when it begins with `=`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.model.values import Option, Row, Value
from engine.model.vocabulary import Vocabulary

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
_WORDS = {"true": True, "false": False}


def value_of(data: Any) -> Value:
    """Return the value of what is written."""
    if isinstance(data, dict):
        return _record(data)
    if isinstance(data, list | tuple):
        return tuple(value_of(item) for item in data)
    if not isinstance(data, str):
        plain: Value = data
        return plain
    return _scalar(data)


def _record(data: dict[str, Any]) -> Value:
    if set(data) == {"code", "title"}:
        return Option(str(data["code"]), str(data["title"]))
    own = {"kind", "id", "title", "fields"}
    given = {**{name: item for name, item in data.items() if name not in own}, **_more(data)}
    fields = {name: value_of(item) for name, item in given.items()}
    title = str(data.get("title") or fields.get("name") or fields.get("number") or "")
    return Row(str(data.get("kind") or ""), str(data.get("id") or title), title, fields)


def _more(data: dict[str, Any]) -> dict[str, Any]:
    """Return fields whose names a record of the samples needs for itself: kind, id, title."""
    more = data.get("fields")
    return more if isinstance(more, dict) else {}


def _scalar(text: str) -> Value:
    if text.startswith("="):
        return text[1:]
    if text in _WORDS:
        return _WORDS[text]
    if _MOMENT.fullmatch(text):
        return datetime.fromisoformat(text)
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


def whole(value: Value, vocabulary: Vocabulary) -> Value:
    """Return a record with every field of its kind, those not written as not given."""
    if not isinstance(value, Row):
        return value
    fields = {name: whole(item, vocabulary) for name, item in value.fields.items()}
    known: dict[str, Value] = dict.fromkeys(vocabulary.records.get(value.kind, ()))
    return replace(value, fields={**known, **fields})
