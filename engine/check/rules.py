"""All rules, found by listing this folder: a file is named by the code of its rule.

Start at `check`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from engine.check.misunit import at_the_unit
from engine.check.renamed import at_the_cause
from engine.check.rule import Rule
from engine.check.subject import Subject
from engine.errors import EngineError, Finding
from engine.load.project import Project


def _found() -> Mapping[str, Rule]:
    rules: dict[str, Rule] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        code = module.name.partition("_")[0].upper()
        if not code[1:].isdigit():
            continue
        rule = getattr(importlib.import_module(f"engine.check.{module.name}"), "RULE", None)
        if not isinstance(rule, Rule) or rule.code != code:
            raise EngineError(f"engine/check/{module.name}.py must hold the RULE {code}")
        rules[code] = rule
    return MappingProxyType(rules)


RULES = _found()


def check(project: Project) -> tuple[Finding, ...]:
    """Return what the rules find in a project, in the order of places; a place has one finding."""
    subject = Subject(project)
    found: dict[tuple[str, int, int], Finding] = {}
    for rule in RULES.values():
        for finding in rule.find(subject) if rule.find else ():
            place = finding.place
            found.setdefault((place.path, place.line, place.column), finding)
    return tuple(sorted(at_the_unit(at_the_cause(found.values(), project), subject)))
