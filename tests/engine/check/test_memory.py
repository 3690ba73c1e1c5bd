"""What is remembered of an earlier check gives the very findings of a check from nothing."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.check import memory
from engine.check.checked import Checker, check_folder
from engine.check.example import FLOW, MEASURED, speak, write
from engine.check.rule import Example
from engine.check.rules import RULES, check
from engine.check.spoken import catalogue, translated
from engine.errors import Finding
from engine.load.project import Project, load_project
from engine.load.tree import Tree, read_tree
from tests.bench.many import plant
from tests.sizes import sizes

SAMPLE = 24  # examples that are tried at scale 1, others by another SEED; all at SCALE=full


def _examples() -> list[tuple[str, Example]]:
    """Return the examples that this run tries."""
    every = [
        (f"{code}-{at}", example)
        for code, rule in RULES.items()
        for at, example in enumerate(rule.examples)
    ]
    if sizes().full:
        return every
    count = min(len(every), sizes().examples(SAMPLE))
    return random.Random(sizes().seed).sample(every, count)


EXAMPLES = [pytest.param(example, id=name) for name, example in _examples()]
OTHER = ("weight_2", "wieght_2"), ("frozen", "frozn"), ("[0.001", "[99999"), ("prompt", "promt")


AGAIN = Checker()  # one for all folders of these tests


def both(flows: Path) -> None:
    """Check with and without memory; the two must not differ, in any language, nor from what a
    process finds that has read other folders before."""
    warm, cold = check_folder(flows, cached=True), check_folder(flows)
    assert warm.findings == cold.findings
    assert AGAIN(flows)[0] == cold.findings
    assert warm.summary == cold.summary
    english = catalogue("en")
    assert translated(warm.findings, english) == translated(cold.findings, english)
    assert {finding.place.path for finding in warm.findings} <= set(warm.trees)


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small plant that has been checked: its memory is that of a check from nothing."""
    folder = tmp_path_factory.mktemp("plant")
    flows = plant(folder, 3, 1)
    both(flows)
    assert check_folder(flows).findings == ()
    return folder


@pytest.mark.parametrize("example", EXAMPLES)
def test_one_changed_file_among_many_is_checked_as_if_all_were(
    example: Example, remembered: Path, tmp_path: Path
) -> None:
    shutil.copytree(remembered, tmp_path, dirs_exist_ok=True)
    flows = tmp_path / "flows"
    if example.spoken:
        speak(tmp_path)
        both(flows)
    path = tmp_path / example.file
    right = path.read_text("utf-8")
    path.write_text(right.replace(example.find, example.bad, 1), "utf-8")
    both(flows)
    path.write_text(right.replace(example.find, example.good, 1), "utf-8")
    both(flows)


def test_changes_of_any_flows_in_any_order_are_all_seen(tmp_path: Path) -> None:
    flows = plant(tmp_path, 12, 7)
    chance = random.Random(7)
    files = sorted(flows.glob("area_*/*.yaml"))
    both(flows)
    for _ in range(12):
        for path in chance.sample(files, chance.randint(1, 3)):
            find, put = chance.choice(OTHER)
            text = path.read_text("utf-8")
            path.write_text(text.replace(put, find) if put in text else text.replace(find, put))
        both(flows)


def test_a_new_flow_a_lost_one_and_a_changed_limit_are_seen(tmp_path: Path) -> None:
    flows = plant(tmp_path, 2, 1)
    both(flows)
    first = flows / "area_00/made_0000.yaml"
    second = flows / "area_00/made_0002.yaml"
    second.write_text(first.read_text("utf-8"), "utf-8")
    both(flows)
    first.unlink()
    both(flows)
    limits = flows / "limits.yaml"
    limits.write_text(limits.read_text("utf-8").replace("temperature:", "temprature:"), "utf-8")
    both(flows)
    assert check_folder(flows, cached=True).findings != ()


def test_a_flow_called_otherwise_than_its_file_is_there_for_a_changed_one(tmp_path: Path) -> None:
    flows = write(tmp_path)
    named, opens = tmp_path / MEASURED, tmp_path / FLOW
    opens.write_text(opens.read_text("utf-8") + "  - open: measuring\n", "utf-8")
    named.write_text(named.read_text("utf-8").replace("flow: measuring", "flow: mesuring"), "utf-8")
    both(flows)
    opens.write_text(opens.read_text("utf-8").replace("Мест", "Сколько мест"), "utf-8")
    both(flows)
    assert [one.code for one in check_folder(flows, cached=True).findings] == ["F719"]


def test_what_did_not_change_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = plant(tmp_path, 3, 1)
    check_folder(flows, cached=True)
    read: list[str] = []

    def watched(name: str, text: str) -> tuple[Tree, tuple[Finding, ...]]:
        read.append(name)
        return read_tree(name, text)

    monkeypatch.setattr("engine.load.files.read_tree", watched)
    check_folder(flows, cached=True)
    assert read == []
    path = tmp_path / FLOW
    path.write_text(path.read_text("utf-8").replace("Мест", "Сколько мест"), "utf-8")
    check_folder(flows, cached=True)
    assert [name for name in read if "/area" in name] == [FLOW]


def test_a_folder_that_is_loaded_whole_again_is_checked_where_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows, again = plant(tmp_path, 3, 1), Checker()
    _, before = again(flows)
    assert before is not None
    looked: list[list[str]] = []

    def watched(project: Project) -> tuple[Finding, ...]:
        looked.append([one.tree.file for one in project.sketches.values()])
        return check(project)

    monkeypatch.setattr("engine.check.checked.check", watched)
    path = tmp_path / FLOW
    path.write_text(path.read_text("utf-8").replace("Мест", "Сколько мест"), "utf-8")
    _, project = again(flows)
    assert project is not None
    assert looked == [[FLOW]]
    assert {*project.flows} == {*before.flows}
    assert project.digest != before.digest


def test_what_is_saved_while_it_is_read_is_never_taken_for_what_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows, again = plant(tmp_path, 3, 1), Checker()
    assert again(flows)[0] == ()
    path, saved = tmp_path / FLOW, list[Path]()

    def meanwhile(root: Path, *given: Any) -> Any:
        if not saved:  # between the look and the reading
            saved.append(path)
            path.write_text(path.read_text("utf-8").replace("prompt", "promt"), "utf-8")
        return load_project(root, *given)

    monkeypatch.setattr("engine.check.checked.load_project", meanwhile)
    found, _ = again(flows)
    assert found == check_folder(flows).findings != ()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"program": 1}', "\x00", '{"memory": {}}']
)
def test_a_broken_memory_is_as_good_as_none(text: str, tmp_path: Path) -> None:
    flows = plant(tmp_path, 1, 1)
    check_folder(flows, cached=True)
    path = tmp_path / memory.FILE
    whole = path.read_text("utf-8")
    path.write_text(text, "utf-8")
    both(flows)
    assert path.read_text("utf-8") == whole


@pytest.mark.parametrize("lost", ["rest", "flows", "findings", "sums"])
def test_a_memory_of_another_shape_is_as_good_as_none(lost: str, tmp_path: Path) -> None:
    flows = plant(tmp_path, 1, 1)
    check_folder(flows, cached=True)
    path = tmp_path / memory.FILE
    data = json.loads(path.read_text("utf-8"))
    data["memory"][lost] = 5
    path.write_text(json.dumps(data), "utf-8")
    both(flows)


def test_the_memory_of_another_program_is_not_trusted(tmp_path: Path) -> None:
    flows = plant(tmp_path, 1, 1)
    check_folder(flows, cached=True)
    path = tmp_path / memory.FILE
    data = json.loads(path.read_text("utf-8"))
    data["memory"]["findings"] = [
        {"place": {"path": "flows/menu.yaml"}, "code": "F101", "texts": ["", "", ""], "fix": None}
    ]
    path.write_text(json.dumps(data), "utf-8")
    assert check_folder(flows, cached=True).findings != ()  # this program's memory is
    path.write_text(json.dumps({**data, "program": "another"}), "utf-8")
    both(flows)


def test_a_folder_that_cannot_be_written_to_is_checked_all_the_same(tmp_path: Path) -> None:
    flows = plant(tmp_path, 1, 1)
    (tmp_path / ".cache").write_text("a file in the way", "utf-8")
    both(flows)
