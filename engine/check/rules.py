"""All rules, found by listing this folder. Start at `check`."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from engine.check.rule import Rule
from engine.errors import EngineError, Finding
from engine.load.project import Project

NOT_RULES = {"rule", "rules", "scope", "uses", "example", "render", "checked"}


def _found() -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name in NOT_RULES:
            continue
        rule = getattr(importlib.import_module(f"engine.check.{module.name}"), "RULE", None)
        if not isinstance(rule, Rule):
            raise EngineError(f"engine/check/{module.name}.py must hold a RULE")
        rules[module.name] = rule
    return rules


RULES = _found()


def check(project: Project) -> tuple[Finding, ...]:
    """Return everything that the rules find in a loaded project, in the order of places; one place gives one finding."""
    found: dict[object, Finding] = {}
    for rule in RULES.values():
        for finding in rule.find(project):
            found.setdefault(finding.place, finding)
    return tuple(sorted(found.values()))
