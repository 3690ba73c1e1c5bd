"""Registers every page of the office: Django looks for this module."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from crm.office import pages

for page in iter_modules(pages.__path__):
    import_module(f"{pages.__name__}.{page.name}")
