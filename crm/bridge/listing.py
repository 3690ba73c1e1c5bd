"""What YAML may name on this plant, found by listing: facts, operations, records, catalogues.

One file is one new thing; a file that is broken or half done stops the program."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from crm.fact import Fact
from crm.operation import Operation
from crm.record import Catalogue, Record
from engine.errors import EngineError

CRM = Path(__file__).resolve().parents[1]
T = TypeVar("T")


@cache
def facts(root: Path = CRM) -> Mapping[str, Fact]:
    """Return the facts of a package by name. Raises EngineError for a file without `FACT`, and for
    two of one name."""
    files = root.glob("*/facts/[a-z]*.py")
    return _once((path.stem, _held(root, path, "FACT", Fact)) for path in files)


@cache
def operations(root: Path = CRM) -> Mapping[str, Operation]:
    """Return the operations that YAML may run, by name: the files that hold an `OPERATION`.

    Raises EngineError for one whose function does not take its parameters, and for two of one
    name."""
    known = _once(
        (path.stem, _held(root, path, "OPERATION", Operation))
        for path in root.glob("*/operations/[a-z]*.py")
        if "OPERATION" in _module(root, path)
    )
    for name, operation in known.items():
        try:
            operation.wants()
        except EngineError as error:
            raise EngineError(f"operation {name}: {error}") from error
    return known


@cache
def records(root: Path = CRM) -> Mapping[str, Record]:
    """Return the kinds of records that have a table. Raises EngineError for two of one name, and
    for a field that its rows do not have."""
    known = _once(_tables(root, "RECORDS", Record))
    for kind, record in known.items():
        added = record.all().query.annotations
        lost = {name for name in record.fields if not hasattr(record.model, name)} - {*added}
        if lost:
            raise EngineError(f"rows of {kind} have no {', '.join(sorted(lost))}")
    return known


@cache
def catalogues(root: Path = CRM) -> Mapping[str, Catalogue]:
    """Return the catalogues by name. Raises EngineError for two of one name."""
    return _once(_tables(root, "CATALOGUES", Catalogue))


@cache
def lines(root: Path = CRM) -> Mapping[str, Mapping[str, str]]:
    """Return the kinds of records without a table, with their fields: those of forms, and those
    that facts bring. Raises EngineError for two of one name."""
    brought = (pair for fact in facts(root).values() for pair in fact.records.items())
    return _once((*_tables(root, "LINES", dict), *brought))


def _module(root: Path, path: Path) -> Mapping[str, Any]:
    return vars(importlib.import_module(_name(root, path)))


def _name(root: Path, path: Path) -> str:
    return ".".join(path.relative_to(root.parent).with_suffix("").parts)


def _held(root: Path, path: Path, word: str, kind: type[T]) -> T:
    found = _module(root, path).get(word)
    if not isinstance(found, kind):
        raise EngineError(f"{_name(root, path)} must hold a {word}")
    return found


def _tables(root: Path, word: str, kind: type[T]) -> Iterator[tuple[str, T]]:
    """Give what `<app>/records.py` hold under a word."""
    for path in sorted(root.glob("*/records.py")):
        if path.parent == Path(__file__).parent:
            continue
        for name, found in _module(root, path).get(word, {}).items():
            if not isinstance(found, kind):
                raise EngineError(f"{_name(root, path)}: {name} of {word} is no {kind.__name__}")
            yield name, found


def _once(pairs: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for name, thing in sorted(pairs, key=lambda pair: pair[0]):
        if name in found:
            raise EngineError(f"there are two of the name {name}")
        found[name] = thing
    return MappingProxyType(found)
