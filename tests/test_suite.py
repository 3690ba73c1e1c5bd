"""The rules of the suite about itself: nothing skipped, nothing left out in silence."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter, OrderedDict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.__main__ import ON_BOTH, RUNS, SPREAD, UNREAD, Run, soaked
from tests.conftest import LONGEST, ONE_PARENT, SHARED, TOGETHER, _Scheduling
from tests.forked import ran
from tests.sizes import sizes
from tests.statements import Sent, on_both, repeated, shapes

ROOT = Path(__file__).resolve().parent.parent
NEEDS_A_BROWSER = "def test_page(chromium_path):\n    assert chromium_path\n"
ASKING = """
import pytest
from django.conf import settings
DATABASE = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
settings.configure(DATABASES={"default": DATABASE})
from django.db import connection

@pytest.mark.either_engine
def test_marked():
    connection.cursor().execute("SELECT 7 AS found WHERE 1 IN (%s, %s)", [1, 2])

def test_other():
    connection.cursor().execute("SELECT 8 AS OTHERS WHERE 2 IN (%s)", [3])
"""
SKIPPED = "import pytest\n\n@pytest.mark.{}\ndef test_some_day():\n    pass\n".format("skip")


def run(
    tmp_path: Path, text: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one test file under the house's conftest on a machine without any program."""
    (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").touch()
    command = ["-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:django"]
    command += ["-p", "no:cacheprovider", *arguments, str(tmp_path)]
    inherited = {name: value for name, value in os.environ.items() if name != "CI"}
    inherited |= {"PATH": str(tmp_path), "PYTHONPATH": str(ROOT)} | environment
    return ran(command, cwd=tmp_path, env=inherited)


def test_without_its_program_a_test_is_left_out_and_named_with_the_remedy(tmp_path: Path) -> None:
    done = run(tmp_path, NEEDS_A_BROWSER)
    assert "test_it.py::test_page" in done.stdout
    assert "make system" in done.stdout
    assert "1 deselected" in done.stdout


def test_without_its_program_a_test_fails_under_ci(tmp_path: Path) -> None:
    done = run(tmp_path, NEEDS_A_BROWSER, CI="true")
    assert done.returncode == 1
    assert "chromium or chromium-browser is not on PATH" in done.stdout


def test_a_skipped_test_makes_the_run_red(tmp_path: Path) -> None:
    assert run(tmp_path, SKIPPED).returncode == 1


def test_the_longest_tests_are_told_with_their_seconds_the_longest_first(tmp_path: Path) -> None:
    text = (
        "import time, pytest\n"
        "@pytest.fixture\ndef slow():\n    time.sleep(0.2)\n"
        "def test_short(record_property):\n    time.sleep(0.1)\n"
        "    record_property('said', 'a hundred rounds')\n"
        "def test_of_a_fixture(slow):\n    pass\n"
    )
    tally = tmp_path / "tally.json"
    run(tmp_path, text, f"--tally={tally}")
    told = json.loads(tally.read_text("utf-8"))
    took = told["took"]
    assert [name.rpartition("::")[2] for name in took] == ["test_of_a_fixture", "test_short"]
    assert took["test_it.py::test_of_a_fixture"] >= 0.2
    assert told["said"] == ["a hundred rounds"]


def test_of_a_run_at_the_full_sizes_its_counts_and_what_its_tests_said_are_kept(
    tmp_path: Path,
) -> None:
    ran = Run("SQLite", tmp_path, Counter(passed=3), said=["a hundred rounds"], seconds=60)
    drawn = sizes({"SCALE": "full", "SEED": "7"})
    assert soaked([ran], drawn) == [
        "SCALE=full SEED=7",
        "SQLite: 3 passed, 0 failed in 60 s",
        "a hundred rounds",
    ]


def test_the_tests_of_one_file_and_of_files_with_one_plant_or_parent_run_in_one_worker(
    tmp_path: Path,
) -> None:
    groups = (*TOGETHER, ("tests/test_it.py",))
    for number, group in enumerate(groups):
        many = 1 if group in TOGETHER else 60  # so many that whoever is free would take some
        for name in group:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(
                "import os, pathlib, pytest\n"
                f"@pytest.mark.parametrize('number', range({many}))\n"
                "def test_of_many(number):\n"
                f"    worker = {number}, os.environ['PYTEST_XDIST_WORKER']\n"
                f"    pathlib.Path({str(tmp_path)!r}, '%s-%s' % worker).touch()\n",
                encoding="utf-8",
            )
    command = ["-m", "pytest", "-q", *SPREAD, "-p", "no:django"]
    command += ["-p", "tests.conftest", f"--rootdir={tmp_path}", "tests"]
    done = ran(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stdout
    assert len(list(tmp_path.glob("*-gw*"))) == len(groups)


class Worker:
    """A worker that does at once whatever it is given, but waits for more before the last test."""

    def __init__(self, did: list[str], tests: list[str]) -> None:
        self.did, self.tests, self.shutting_down = did, tests, False
        self.given: list[str] = []
        self.gateway, self.id = self, "gw"

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.given += [self.tests[number] for number in numbers]

    def shutdown(self) -> None:
        self.shutting_down = True

    def work(self, scheduling: _Scheduling) -> bool:
        """Do the next test, if there is one to be done."""
        if len(self.given) < (1 if self.shutting_down else 2):
            return False
        self.did.append(self.given.pop(0))
        scheduling.mark_test_complete(self, self.tests.index(self.did[-1]))
        return True


@pytest.mark.parametrize("names", ["a", "ab"])
def test_what_two_runs_share_is_done_once_by_the_first_that_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    monkeypatch.setattr("tests.conftest.LoadFileScheduling.__init__", _begin)
    own = [f"tests/crm/test_{number}.py::test_{name}" for number in range(3) for name in names]
    shared = [f"{path}::test_{name}" for path in SHARED for name in names]
    did: tuple[list[str], list[str]] = ([], [])
    runs = []
    for done in did:
        config: Any = SimpleNamespace(getoption={"--taken": tmp_path}.get)
        scheduling, tests = _Scheduling(config, None), own + shared
        workers = [Worker(done, tests) for _ in range(2)]
        for worker in workers:
            scheduling.add_node(worker)
            scheduling.add_node_collection(worker, tests)
        scheduling.schedule()
        runs.append((scheduling, workers))
    while sum(worker.work(run) for run, workers in runs for worker in workers):
        pass
    assert all(worker.shutting_down and not worker.given for _, some in runs for worker in some)
    assert all(run.tests_finished for run, _ in runs)
    assert [sorted(set(own) & set(done)) for done in did] == [own, own]
    assert sorted(one for done in did for one in done if one in shared) == sorted(shared)
    assert all(set(shared) & set(done) for done in did)


def _begin(scheduling: Any, config: Any, log: Any) -> None:
    """Begin as xdist does, for two workers."""
    scheduling.numnodes, scheduling.collection, scheduling.log = 2, None, lambda *_: None
    scheduling.workqueue, scheduling.assigned_work = OrderedDict(), {}
    scheduling.registered_collections = {}
    scheduling.config = SimpleNamespace(option=SimpleNamespace(loadscopereorder=False))


def test_the_longest_files_and_those_of_either_run_are_there() -> None:
    assert [path for path in (*LONGEST, *SHARED, *ONE_PARENT) if not (ROOT / path).is_file()] == []


def test_at_the_full_scale_only_what_grows_with_it_is_run(tmp_path: Path) -> None:
    text = (
        "from hypothesis import given, strategies as st\n"
        "def test_one():\n    pass\n"
        "@given(st.integers())\ndef test_many(number):\n    assert isinstance(number, int)\n"
    )
    assert "2 passed" in run(tmp_path, text).stdout
    full = run(tmp_path, text, SCALE="full")
    assert "1 passed, 1 deselected" in full.stdout
    sized = run(tmp_path, "from tests.sizes import sizes\n" + text, SCALE="full")
    assert "2 passed" in sized.stdout
    plant = "import pytest\n@pytest.fixture\ndef lived():\n    pass\n"
    looking = plant + text.replace("test_one()", "test_one(lived)")
    assert "2 passed" in run(tmp_path, looking, SCALE="full").stdout


@pytest.mark.parametrize(("others", "code"), [("found", 0), ("lost", 1)])
def test_the_run_on_both_engines_is_red_when_only_marked_tests_send_a_statement(
    tmp_path: Path, others: str, code: int
) -> None:
    done = run(tmp_path, ASKING.replace("OTHERS", others), "-p", "tests.statements")
    assert done.returncode == code, done.stdout
    assert ("SELECT … AS found WHERE … IN (…)" in done.stdout) == bool(code)


def test_writes_that_are_sent_together_are_told_one_by_one() -> None:
    writes = (
        "UPDATE a SET x = %s WHERE (id = %s)",
        "DELETE FROM b",
        "INSERT INTO c (d) VALUES (%s)",
    )
    first, second, last = writes
    together = f"WITH part_0 AS ({first}), part_1 AS ({second}) {last}"
    assert shapes(together) == [shape for one in writes for shape in shapes(one)]
    assert len(shapes(together)) == len(writes)


def test_of_tests_that_send_the_same_the_longest_may_run_on_either_engine() -> None:
    tests = {
        "tests/crm/a.py::short": Sent(1, {"x", "y"}),
        "tests/crm/a.py::long": Sent(9, {"x", "y"}),
        "tests/crm/a.py::alone": Sent(5, {"x", "z"}),
        "tests/crm/a.py::drawn": Sent(8, {"x"}, on_both=True),
        "tests/crm/ledger/a.py::never": Sent(7, {"x"}),
    }
    assert repeated(tests) == ["tests/crm/a.py::long"]


def test_a_test_about_postgresql_itself_is_never_left_to_the_run_on_sqlite(
    request: pytest.FixtureRequest,
) -> None:
    assert not on_both(request.node)
    request.node.add_marker("postgres_only")
    assert on_both(request.node)


def test_each_engine_is_asked_for_its_own_tests_and_every_one_of_a_database_on_demand() -> None:
    assert "either_engine" in RUNS["PostgreSQL"][1]
    assert "either_engine" not in ON_BOTH["PostgreSQL"][1]
    assert RUNS["SQLite"] == ON_BOTH["SQLite"] == ("-m", "not postgres_only", *UNREAD)


def test_a_test_of_no_database_runs_beside_those_of_postgresql_and_needs_none(
    tmp_path: Path,
) -> None:
    text = "import pytest\n\ndef test_bare():\n    pass\n"
    rows = "\n@pytest.mark.database\ndef test_rows():\n    pass\n"
    (tmp_path / "tests/crm").mkdir(parents=True)
    (tmp_path / "tests/crm/test_rows.py").write_text(text + rows, "utf-8")
    (tmp_path / "tests/engine").mkdir()
    table = tmp_path / "tests/engine/test_table.py"
    table.write_text(text, "utf-8")
    said = run(tmp_path, "", "-vv", *RUNS["PostgreSQL"]).stdout
    assert "test_rows.py::test_rows PASSED" in said
    assert "test_table.py::test_bare PASSED" in said
    assert "2 passed, 1 deselected" in said
    table.write_text(text + rows, "utf-8")
    done = run(tmp_path, "")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "tests/engine/test_table.py::test_rows would never run on both engines" in done.stderr


def test_what_few_objects_hold_is_let_go_between_tests(tmp_path: Path) -> None:
    text = (
        "import pathlib, pytest\n"
        "@pytest.mark.parametrize('number', range(32))\n"
        "def test_round(number):\n    ring = [b'x' * 2**25]\n    ring.append(ring)\n"
        "def test_most():\n"
        "    status = pathlib.Path('/proc/self/status').read_text()\n"
        "    assert int(status.partition('VmHWM:')[2].split()[0]) < 768 * 1024\n"
    )
    done = run(tmp_path, text)
    assert "33 passed" in done.stdout, done.stdout
