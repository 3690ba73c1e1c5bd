"""One file a group of rows, found by listing this folder: each has `GROUPS`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests.bench.row import Group

GROUPS: tuple[Group, ...] = tuple(
    group
    for module in sorted(one.name for one in iter_modules(__path__))
    for group in import_module(f"{__name__}.{module}").GROUPS
)
