"""Who may do which transition: `tests/rights.yaml`, written by hand, against the lifecycles."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML

from crm.configuration import ROOT
from engine.load.project import load_project
from engine.schema.lifecycle import Transition

TABLE = ROOT / "tests/rights.yaml"
SECOND = "+ "  # before the role of the person who confirms


def written() -> dict[str, dict[str, set[str]]]:
    """Return the table: lifecycle, transition, who may."""
    table: dict[str, Any] = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return {
        life: {name: set(who) for name, who in transitions.items()}
        for life, transitions in table["transitions"].items()
    }


def present() -> dict[str, dict[str, set[str]]]:
    """Return the same of the lifecycles."""
    project, findings = load_project(ROOT / "flows")
    assert project is not None, findings
    return {
        life: {name: who(forms) for name, forms in lifecycle.transitions.items()}
        for life, lifecycle in project.lifecycles.items()
    }


def who(forms: tuple[Transition, ...]) -> set[str]:
    """Return who may do a transition in any of its forms, those who confirm marked."""
    second = {f"{SECOND}{role}" for form in forms if form.sign for role in form.sign.by}
    return {role for form in forms for role in form.by.roles} | second


def test_every_transition_is_done_by_those_whom_the_plant_s_rules_name_and_by_nobody_else() -> None:
    table, found = written(), present()
    assert found.keys() == table.keys()
    wrong = {
        f"{life}.{name}": (found[life].get(name), table[life].get(name))
        for life in table
        for name in found[life].keys() | table[life].keys()
        if found[life].get(name) != table[life].get(name)
    }
    assert wrong == {}
