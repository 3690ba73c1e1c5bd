"""What files name of each other, by the key that names it. Start at `mentions` and `named`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.load.project import Project

KEYS = ("document", "flow", "fire", "limit", "open", "unit")
_WORD = re.compile(r" *([a-z_][a-z0-9_]*)")
_UNIT = re.compile(r"(?:list of )?number ([^ ?]+)\??")  # a type with a unit


def mentions(data: Any) -> Iterator[tuple[str, str]]:
    """Give the key and the name of everything that data name of other files, crews as they are
    written."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in KEYS and isinstance(value, str):
                word = _WORD.match(value) if key == "limit" else None
                yield key, word[1] if word else value
            yield from mentions(value)
    elif isinstance(data, list):
        for item in data:
            yield from mentions(item)
    elif isinstance(data, str):
        if "crew(" in data:
            yield "crew", data
        unit = _UNIT.fullmatch(data)
        if unit:
            yield "unit", unit[1]


def is_missing(project: Project, flow: str) -> bool:
    """Tell whether there is no flow of this name: none that could be read, none that is broken, and
    no file of this name, whose flow is called otherwise by a slip."""
    if flow in project.sketches or ("flow", flow) in project.broken:
        return False
    files = (file for (kind, _), file in project.files.items() if kind == "flow")
    return all(Path(file).stem != flow for file in files)


def named(project: Project, *keys: str) -> frozenset[str]:
    """Return the names that stand under some keys anywhere in the YAML of a project; the first key
    of a file is its own name."""
    found = set[str]()
    for tree in project.trees.values():
        data = tree.data
        if isinstance(data, dict) and next(iter(data), None) in keys:
            data = {key: value for at, (key, value) in enumerate(data.items()) if at}
        found |= {name for key, name in mentions(data) if key in keys}
    return frozenset(found)
