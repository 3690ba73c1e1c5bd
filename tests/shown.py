"""What `faults.yaml` and `parity.yaml` say about the plant, and whether what they name is there.

A test is named as pytest names it (`tests/crm/test_walk.py::test_a_delivery_becomes_…`), a talk by
its file. Test files are read, not run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
# The issue that an entry belongs to; what is later belongs to none of them.
OWNERS = {"D", "E", "later"}


def read(name: str) -> tuple[dict[str, Any], list[str]]:
    """Return a file of this folder: entries by their code, and what may be missing of them."""
    found = dict(YAML(typ="safe", pure=True).load(Path(__file__).with_name(name)))
    return found, list(found.pop("may_be_missing"))


@cache
def tests_of(path: str) -> frozenset[str]:
    """Return the names of the tests that a file holds: functions, and classes that pytest runs."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    found = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                found.add(name)
    return frozenset(name for name in found if name.startswith(("test_", "Test")))


def is_there(shown: str) -> bool:
    """Tell whether a test or a talk of this name is there."""
    path, _, test = shown.partition("::")
    if not (ROOT / path).is_file():
        return False
    return test in tests_of(path) if test else path.endswith(".talk")


def shown_by(entry: Any) -> list[str]:
    """Return the tests and talks that an entry names; none for one of another issue."""
    return [str(one) for one in entry] if isinstance(entry, list) else []


def wrong(entries: Mapping[str, Any], wanted: Iterable[str]) -> list[str]:
    """Return what is wrong with the entries: lost ones, unknown ones, ones that name nothing or
    what is not there."""
    wanted = list(wanted)
    found = [f"{code} is not there" for code in wanted if code not in entries]
    found += [f"{code} is not asked for" for code in entries if code not in wanted]
    for code, entry in entries.items():
        match entry:
            case {"issue": owner, **rest} if owner in OWNERS and not rest:
                continue
            case {"missing": str(), **rest} if not rest:
                continue
            case [_, *_]:
                gone = [one for one in shown_by(entry) if not is_there(one)]
                found += [f"{code} names {one}, which is not there" for one in gone]
            case _:
                found.append(f"{code} names neither a test nor an owner")
    return found


def missing(entries: Mapping[str, Any]) -> dict[str, str]:
    """Return why nothing shows an entry yet, by its code."""
    return {
        code: str(entry["missing"])
        for code, entry in entries.items()
        if isinstance(entry, dict) and "missing" in entry
    }
