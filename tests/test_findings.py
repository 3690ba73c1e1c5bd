"""Seeded mistakes: each edit of the real flows in `tests/findings/` gives one finding at its exact
place, with the remedy."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.check.checked import check_folder
from engine.check.memory import FILE as MEMORY
from engine.check.render import as_text
from engine.load.tree import read_tree
from tests.forked import ran

ROOT = Path(__file__).resolve().parent.parent
CASES = sorted((ROOT / "tests/findings").glob("*.yaml"))


def copied(folder: Path) -> Path:
    """Copy the flows and the layouts, to be edited."""
    shutil.copytree(ROOT / "flows", folder / "flows")
    shutil.copytree(ROOT / "templates", folder / "templates")
    return folder / "flows"


def edit(folder: Path, case: dict[str, str]) -> tuple[int, int]:
    """Do the edit of a case; return the line and column where its finding must stand."""
    path = folder / case["file"]
    before = path.read_text("utf-8")
    start = before.index(case["find"])
    after = before.replace(case["find"], case["put"], 1)
    path.write_text(after, "utf-8")
    token = start + case["put"].index(case["at"])
    return after.count("\n", 0, token) + 1, token - after.rfind("\n", 0, token)


def read(path: Path) -> dict[str, str]:
    """Read one case."""
    tree, _ = read_tree(path.name, path.read_text("utf-8"))
    assert isinstance(tree.data, dict)
    return {key: value or "" for key, value in tree.data.items()}


def validate(flows: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    return ran([ROOT / "cli.py", "validate", flows, *more])


def test_there_are_twenty_mistakes_from_yaml_to_data() -> None:
    assert len(CASES) >= 20
    assert {read(case)["code"][:2] for case in CASES} == {f"F{at}" for at in (*range(1, 8), 9)}


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that was found right: an editor's check, which does not read again what stayed."""
    flows = copied(tmp_path_factory.mktemp("right"))
    assert check_folder(flows, cached=True).findings == ()
    return flows


@pytest.mark.parametrize("path", CASES, ids=[case.stem for case in CASES])
def test_a_mistake_is_found_at_its_place_with_its_remedy(path: Path, remembered: Path) -> None:
    case, folder = read(path), remembered.parent
    kept = {name: (folder / name).read_bytes() for name in (case["file"], MEMORY)}
    try:
        place = edit(folder, case)
        found = check_folder(remembered, cached=True).findings
    finally:
        for name, content in kept.items():
            (folder / name).write_bytes(content)
    assert [(one.code, one.place.path) for one in found] == [(case["code"], case["file"])]
    assert (found[0].place.line, found[0].place.column) == place
    assert found[0].hint
    assert case["hint"] in found[0].hint


def test_the_flows_themselves_have_no_findings_and_print_only_a_summary() -> None:
    done = validate(ROOT / "flows")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert "Ошибок нет" in done.stdout


def test_the_command_prints_json_and_exits_with_one(tmp_path: Path) -> None:
    case, flows = read(ROOT / "tests/findings/F305_option.yaml"), copied(tmp_path)
    line, column = edit(tmp_path, case)
    done = validate(flows, "--format", "json")
    assert done.returncode == 1
    (found,) = json.loads(done.stdout)
    assert found == {
        "path": case["file"],
        "line": line,
        "column": column,
        "code": "F305",
        "message": "у поля condition нет варианта «frozn»",
        "hint": case["hint"],
    }


def test_the_text_underlines_the_token_and_says_what_it_would_have_caused(tmp_path: Path) -> None:
    case, flows = read(ROOT / "tests/findings/F305_option.yaml"), copied(tmp_path)
    line, column = edit(tmp_path, case)
    report = check_folder(flows)
    shown = as_text(report.findings, report.trees).splitlines()
    assert shown[0].startswith(f"{case['file']}:{line}:{column}: ошибка F305: ")
    assert shown[2].endswith("condition == frozn")
    assert shown[3].index("^") == shown[2].index("frozn")
    assert "^^^^^ возможно, «frozen»?" in shown[3]
    assert "вопрос не задавался бы никогда" in shown[4]


@pytest.mark.parametrize(
    "names",
    [("F305_option", "F303_unknown_field"), ("F103_unknown_key", "F303_unknown_field")],
    ids=["two in expressions", "a key and an expression"],
)
def test_two_mistakes_in_one_file_give_two_findings(names: tuple[str, str], tmp_path: Path) -> None:
    flows = copied(tmp_path)
    cases = [read(ROOT / f"tests/findings/{name}.yaml") for name in names]
    for case in cases:
        edit(tmp_path, case)
    found = check_folder(flows).findings
    assert sorted(one.code for one in found) == sorted(case["code"] for case in cases)


def test_validate_reaches_neither_aiogram_nor_django() -> None:
    code = (
        "import sys; sys.argv = ['cli.py', 'validate', 'flows']\n"
        "import runpy\n"
        "try: runpy.run_path('cli.py', run_name='__main__')\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print(sorted({'aiogram', 'django'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr
