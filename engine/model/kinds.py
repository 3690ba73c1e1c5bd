"""Kinds found by listing a folder: one file is one kind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from engine.errors import EngineError

Kind = TypeVar("Kind")
NOT_KINDS = {"base", "registry", "words", "bounds", "options", "sources", "ticks"}


def found(folder: Path, package: str, base: type[Kind]) -> Mapping[str, type[Kind]]:
    """Return the one class of each module of `folder` whose `kind` is the module's name.

    Raises EngineError for a file without exactly one: it stops the program at start."""
    kinds: dict[str, type[Kind]] = {}
    for module in pkgutil.iter_modules([str(folder)]):
        if module.name in NOT_KINDS:
            continue
        content = vars(importlib.import_module(f"{package}.{module.name}"))
        classes = [
            thing
            for thing in content.values()
            if isinstance(thing, type)
            and issubclass(thing, base)
            and getattr(thing, "kind", "") == module.name
        ]
        if len(classes) != 1:
            raise EngineError(f"{package}.{module.name} must hold one class of kind {module.name}")
        kinds[module.name] = classes[0]
    return MappingProxyType(kinds)
