"""The Facts port over `crm/<app>/facts/`: one file a fact, found by listing those folders."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from django.db.models import Model
from django.utils import timezone

from crm.bridge.records import MODELS, find, row_of
from crm.fact import Fact, Line
from engine.errors import EngineError
from engine.model.values import Option, Row, Value
from engine.schema.report import PERIOD

CRM = Path(__file__).resolve().parents[1]


@lru_cache(maxsize=1)
def facts() -> Mapping[str, Fact]:
    """Return the facts by name. Raises EngineError for a file without `FACT`, and for two of one
    name."""
    found: dict[str, Fact] = {}
    for path in sorted(CRM.glob("*/facts/[a-z]*.py")):
        module = ".".join(path.relative_to(CRM.parent).with_suffix("").parts)
        fact = vars(importlib.import_module(module)).get("FACT")
        if not isinstance(fact, Fact) or path.stem in found:
            raise EngineError(f"{module} must hold the one FACT {path.stem}")
        found[path.stem] = fact
    return MappingProxyType(found)


def records() -> dict[str, Mapping[str, str]]:
    """Return the kinds of rows that facts bring, with their fields."""
    return {kind: fields for fact in facts().values() for kind, fields in fact.records.items()}


class DjangoFacts:
    """The Facts port. A name that is not there is our bug, never a pass."""

    def ask(self, fact: str, arguments: tuple[Value, ...]) -> Value:
        """Answer a fact of the Vocabulary. Raises EngineError for an unknown one."""
        known = facts().get(fact)
        if known is None:
            raise EngineError(f"no fact {fact}{arguments}")
        kind = known.result.removeprefix("list of ").rstrip("?")
        found = known.answer(*(_given(argument) for argument in arguments))
        if known.result.startswith("list of "):
            return tuple(_listed(found, kind))
        return _value(found, kind)


def _listed(found: object, kind: str) -> Iterator[Value]:
    if not isinstance(found, Iterator | list | tuple):
        raise EngineError(f"a fact that returns a list of {kind} returned {type(found).__name__}")
    return (_value(each, kind) for each in found)


def _given(value: Value) -> object:
    """Return an argument as the fact takes it."""
    match value:
        case Option(code, title):
            return code or title
        case Row(kind=kind, fields=fields) if kind == PERIOD:
            return fields["begins"], fields["ends"]
        case Row(kind=kind, id=identity) if kind in MODELS:
            return find(kind, identity)
        case _:
            return value


def _value(found: object, kind: str = "") -> Value:
    """Return what a fact found as expressions see it."""
    match found:
        case Line(identity, title, fields):
            return Row(kind, identity, title, {name: _value(one) for name, one in fields.items()})
        case Model():
            return row_of(found)
        case datetime():
            return timezone.localtime(found)
        case "":
            return None
        case _:
            return found
