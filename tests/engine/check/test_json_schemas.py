"""The schemas for editors accept every file that we ship and refuse what a schema can refuse."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path

import pytest
from check_jsonschema import main
from click.testing import CliRunner, Result

from engine.actions.registry import KINDS as ACTIONS
from engine.check.json_schemas import FILES, schemas, stale
from engine.check.spoken import ROOT
from engine.steps.registry import KINDS as STEPS

SETTINGS = json.loads((ROOT / ".vscode/settings.json").read_text("utf-8"))
MAPPED: dict[str, list[str]] = {
    name: [where] if isinstance(where, str) else where
    for name, where in SETTINGS["yaml.schemas"].items()
}
SHIPPED = sorted((*ROOT.glob("flows/**/*.yaml"), *ROOT.glob("templates/*/document.yaml")))
FLOW = """\
flow: delivery
title: Приёмка
roles: [porter]
steps:
  - number: weight
    unit: kg
    prompt: Масса
  - review: {save: Сохранить}
"""


def schema_of(path: str) -> list[str]:
    """Return the schemas that the editor's settings give a file."""
    found = []
    for name, patterns in MAPPED.items():
        without = [one[1:] for one in patterns if one.startswith("!")]
        wanted = [one for one in patterns if not one.startswith("!")]
        if any(matches(path, one) for one in wanted) and not any(
            matches(path, one) for one in without
        ):
            found.append(name)
    return found


def matches(path: str, pattern: str) -> bool:
    return path.count("/") == pattern.count("/") and fnmatch(path, pattern)


def check(schema: Path, *files: Path) -> Result:
    """Do what a hook does by check-jsonschema; to start it each time was ten times as dear."""
    return CliRunner().invoke(main, ["--schemafile", str(schema), *map(str, files)])


def test_the_written_schemas_are_fresh() -> None:
    assert stale(ROOT / ".schema") == [], "cli.py schema --write"


def test_every_file_has_one_schema_in_the_editor() -> None:
    assert set(MAPPED) == {f".schema/{kind}.json" for kind in FILES}
    names = [path.relative_to(ROOT).as_posix() for path in SHIPPED]
    assert {name: schema_of(name) for name in names if len(schema_of(name)) != 1} == {}


@pytest.mark.parametrize("kind", FILES)
def test_every_shipped_file_is_accepted(kind: str) -> None:
    name = f".schema/{kind}.json"
    files = [one for one in SHIPPED if schema_of(one.relative_to(ROOT).as_posix()) == [name]]
    if files:
        done = check(ROOT / name, *files)
        assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("find", "put"),
    [
        ("    prompt: Масса\n", "    promt: Масса\n"),
        ("  - number: weight\n", "  - nmber: weight\n"),
        ("  - number: weight\n", "  - number: Масса\n"),
        ("roles: [porter]\n", "roles: porter\n"),
        ("title: Приёмка\n", ""),
        ("    unit: kg\n", "    unit: {kg: 1}\n"),
        ("    unit: kg\n", "    range: [1]\n"),
        ("    unit: kg\n", "    unit: kg\n    suggest: 9\n"),
        ("{save: Сохранить}\n", "{sav: Сохранить}\n"),
    ],
)
def test_a_mistake_that_a_schema_can_see_is_refused(find: str, put: str, tmp_path: Path) -> None:
    path = tmp_path / "flow.yaml"
    assert FLOW.count(find) == 1
    path.write_text(FLOW.replace(find, put), "utf-8")
    assert check(ROOT / ".schema/flow.json", path).exit_code == 1


@pytest.mark.parametrize("put", ["12", "yes", "1.5", "null", "on", "12:30", "0x1F"])
def test_a_text_may_be_what_yaml_guessed_before_us(put: str, tmp_path: Path) -> None:
    path = tmp_path / "flow.yaml"
    path.write_text(FLOW.replace("    prompt: Масса\n", f"    prompt: {put}\n"), "utf-8")
    assert check(ROOT / ".schema/flow.json", path).exit_code == 0


def test_every_kind_of_step_and_action_is_offered_with_words_to_read() -> None:
    found = json.loads(schemas()["flow.json"])["$defs"]
    for base, kinds in (("Step", STEPS), ("Action", ACTIONS)):
        offered = {one["$ref"].removeprefix("#/$defs/") for one in found[base]["oneOf"]}
        assert offered == {form.__name__ for form in kinds.values()}
        for kind, form in kinds.items():
            schema = found[form.__name__]
            assert kind in schema["required"]
            silent = [key for key, one in schema["properties"].items() if not said(one, found)]
            assert silent == [], form.__name__


def said(schema: dict[str, object], found: dict[str, dict[str, object]]) -> object:
    name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    return schema.get("description") or (found[name].get("description") if name else None)
