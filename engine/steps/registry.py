"""The step kinds by name, found by listing this folder; a file without exactly one kind stops the program at start."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from engine.errors import EngineError
from engine.steps.base import Step

_Kind = TypeVar("_Kind")
_NOT_KINDS = {"base", "registry"}


def found(folder: Path, package: str, base: type[_Kind]) -> Mapping[str, type[_Kind]]:
    """Return the one class of each module in `folder` whose `kind` is the module's name."""
    kinds: dict[str, type[_Kind]] = {}
    for module in pkgutil.iter_modules([str(folder)]):
        if module.name in _NOT_KINDS:
            continue
        content = vars(importlib.import_module(f"{package}.{module.name}"))
        classes = [thing for thing in content.values() if isinstance(thing, type) and issubclass(thing, base)
                   and getattr(thing, "kind", "") == module.name]
        if len(classes) != 1:
            raise EngineError(f"{package}.{module.name} must hold one class of kind {module.name}")
        kinds[module.name] = classes[0]
    return MappingProxyType(kinds)


KINDS: Mapping[str, type[Step]] = found(Path(__file__).parent, "engine.steps", Step)
