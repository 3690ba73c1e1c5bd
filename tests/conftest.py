"""What every test may ask for, and the house's rules about tests themselves.

At SCALE=full only what grows with it is run: `make test` runs the rest as it is.

Tests that touch the database are marked `database` here, so that a second run repeats them on
PostgreSQL, and those of folders without one `bare`: they belong to that run alone. The files of
`SHARED` are `bare` too and known to both runs: whichever is free first takes one. Tests that need
a program of the machine say so by a fixture of `PROGRAMS`: without the program they are left out
and named at the end, or fail where CI is set. Nothing is ever skipped."""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from tests import database, servers
from tests.sizes import sizes

pytest.register_assert_rewrite("tests.ports_suite")

REMEDY = "make system"
PROGRAMS = {"chromium_path": ("chromium", "chromium-browser"), "soffice_path": ("soffice",)}
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_serialized_rollback", "live_server"}
LONGEST = (  # files of eight seconds and more, the longest first (26.11.2026, by the processor)
    "tests/e2e/test_every_page.py",
    "tests/e2e/test_office.py",
    "tests/e2e/test_keyboard.py",
    "tests/e2e/test_jobs.py",
    "tests/e2e/test_cards.py",
    "tests/e2e/test_finding.py",
    "tests/e2e/test_people.py",
    "tests/e2e/test_papers.py",
    "tests/e2e/test_shipping.py",
    "tests/e2e/test_corrections.py",
    "tests/e2e/test_pictures.py",
    "tests/crash/test_kill.py",
    "tests/crash/test_several.py",
    "tests/crash/test_schedulers.py",
    "tests/e2e/test_shop_pages.py",
    "tests/e2e/test_walk.py",
    "tests/test_findings.py",
    "tests/fuzz/test_files.py",
    "tests/engine/talk/test_explore.py",
    "tests/test_mutants.py",
    "tests/e2e/test_reload.py",
    "tests/crm/ledger/test_machine.py",
    "tests/crm/office/test_rights.py",
    "tests/fuzz/test_expressions.py",
    "tests/crm/office/test_lists.py",
    "tests/crm/production/test_order_rounds.py",
    "tests/crm/production/test_place_rounds.py",
    "tests/soak/test_soak.py",
    "tests/crm/ledger/test_rounds.py",
    "tests/crash/test_fault.py",
    "tests/bench/test_bench.py",
    "tests/test_suite.py",
    "tests/crm/plant/test_past.py",
    "tests/engine/check/test_rules.py",
    "tests/crm/plant/test_machine.py",
    "tests/crm/faults/test_first_day.py",
    "tests/engine/talk/test_play.py",
    "tests/crm/test_ready.py",
    "tests/crm/bridge/test_versions.py",
    "tests/test_contracts.py",
    "tests/crm/plant/test_office.py",
    "tests/crm/office/test_access.py",
    "tests/engine/languages/test_locales.py",
    "tests/engine/documents/test_docx.py",
    "tests/crm/bridge/test_reload.py",
    "tests/crm/faults/test_kilograms.py",
    "tests/crm/plant/test_simulate.py",
    "tests/engine/documents/test_reports.py",
    "tests/crm/office/test_corrections_of_books.py",
    "tests/fuzz/test_memory.py",
    "tests/fuzz/test_books.py",
    "tests/crm/faults/test_numbers.py",
)
ONE_PLANT = (  # files that look at one plant, each group at its own
    (  # that has lived through days
        "tests/e2e/test_every_page.py",
        "tests/e2e/test_office.py",
        "tests/e2e/test_keyboard.py",
    ),
    (
        "tests/e2e/test_jobs.py",
        "tests/e2e/test_cards.py",
        "tests/e2e/test_finding.py",
        "tests/e2e/test_people.py",
        "tests/e2e/test_papers.py",
        "tests/e2e/test_shipping.py",
        "tests/e2e/test_corrections.py",
    ),
    # a demo where a delivery was taken: pictures are taken before versions of its forms are made,
    # in the office and then by an editor
    ("tests/e2e/test_pictures.py", "tests/e2e/test_shop_pages.py", "tests/e2e/test_reload.py"),
)
ONE_PARENT = (  # files whose processes are forked from one, which imports and reads for seconds
    "tests/crash/test_kill.py",
    "tests/crash/test_several.py",
    "tests/crash/test_schedulers.py",
    "tests/crash/test_slow.py",
    "tests/crash/test_webhooks.py",
)
TOGETHER = (*ONE_PLANT, ONE_PARENT)
# Files that touch no database, in one unit of work each or with those of their plant: `make test`
# lets the run that ends first take what is left of them, so that neither leaves the machine idle.
SHARED = (
    *(path for group in ONE_PLANT for path in group),
    "tests/fuzz/test_files.py",
    "tests/test_contracts.py",
    "tests/test_findings.py",
    "tests/test_mutants.py",
)
FIRST = ONE_PLANT[0] + ONE_PLANT[1]  # of these: minutes each, so nobody may be left to end them
PLANTS = {"lived", "working", "standing"}  # that are as large as SCALE says
GARBAGE = (100_000, 20, 20)  # rarely: it took a quarter of the time of what builds many objects
GROWTH = 256 * 1024  # KiB; a few objects of a library may hold much: a worker grew to 3 GiB
# Tests that say nothing to PostgreSQL that others do not, as tests/statements.py has found.
EITHER = frozenset(Path(__file__).with_name("either_engine.txt").read_text("utf-8").splitlines())
ROWS = ("database", "postgres_only")  # marks of what asks a database
UNREAD = tuple(f"{folder}/" for folder in database.WITHOUT)
NAMED = 8  # the longest tests, in the closing lines of a run
LEFT_OUT = pytest.StashKey[list[str]]()
HELD = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--tally", type=Path, help="Write counts and left-out tests to this file.")
    parser.addoption("--taken", type=Path, help="Mark in this folder what is taken of SHARED.")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEFT_OUT] = []
    gc.set_threshold(*GARBAGE)
    # A busy machine is no failure: the time of one example is nobody's promise.
    slow = [HealthCheck.too_slow]
    examples = sizes().examples(100)
    settings.register_profile(
        "house", max_examples=examples, deadline=None, suppress_health_check=slow
    )
    settings.load_profile("house")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark by what a test asks for, and leave out what this machine cannot run."""
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
        if "postgres_url" in fixtures:
            item.add_marker("postgres_only")
        if item.nodeid.startswith((*UNREAD, *SHARED)):
            if any(map(item.get_closest_marker, ROWS)):
                raise pytest.UsageError(f"{item.nodeid} would never run on both engines")
            item.add_marker("bare")
        if item.nodeid in EITHER:
            item.add_marker("either_engine")
        missing = any(name in fixtures and not _program(name) for name in PROGRAMS)
        (left_out if missing and not os.environ.get("CI") else kept).append(item)
    kept.sort(key=_turn)
    others: list[pytest.Item] = []
    if sizes().full:
        others = [item for item in kept if not _grows(item)]
        kept = [item for item in kept if _grows(item)]
        kept.sort(key=lambda item: item.path.parent.name != "fuzz")  # the longest begin first
    items[:] = kept
    config.hook.pytest_deselected(items=[*left_out, *others])
    config.stash[LEFT_OUT] += [item.nodeid for item in left_out]


class _Scheduling(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
    """Gives a worker a whole file, whose fixtures are made once, and for the same reason the files
    that are `TOGETHER`, but one fuzzing test: these share nothing and are the longest of a soak.
    What is `SHARED` it gives out unless the run beside this one has."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        self.taken: Path | None = config.getoption("--taken")
        self.ours: set[str] = set()

    def _assign_work_unit(self, node: Any) -> None:
        while self.workqueue:
            scope = next(iter(self.workqueue))
            if self._is_ours(scope):
                super()._assign_work_unit(node)
                return
            del self.workqueue[scope]
        node.shutdown()

    def _is_ours(self, scope: str) -> bool:
        """Tell whether nobody else has a unit of work, which from then on is ours."""
        if self.taken is None or scope in self.ours or not scope.startswith(SHARED):
            return True
        try:
            (self.taken / scope.replace("/", "-")).touch(exist_ok=False)
        except FileExistsError:
            return False
        self.ours.add(scope)
        return True

    def _split_scope(self, nodeid: str) -> str:
        for group in TOGETHER:
            if nodeid.startswith(group):
                return group[0]
        return nodeid if nodeid.startswith("tests/fuzz/") else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Scheduling:
    """Spread tests over the workers."""
    return _Scheduling(config, log)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the garbage collector leave alone what lives as long as the run."""
    gc.collect()
    gc.freeze()
    session.config.stash[HELD] = _most()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Look for garbage where memory has grown: it is counted by objects, not by what they hold."""
    most, before = _most(), item.config.stash.get(HELD, 0)
    if most > before + GROWTH:
        item.config.stash[HELD] = most
        gc.collect()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    worker = getattr(session.config, "workeroutput", None)
    if worker is not None:
        worker["left_out"] = session.config.stash[LEFT_OUT]
        return
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        reporter.write_line("A skipped test proves nothing: mark what it needs, or remove it.")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over from an xdist worker what it left out."""
    known = node.config.stash[LEFT_OUT]
    known += [name for name in node.workeroutput.get("left_out", ()) if name not in known]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    left_out = config.stash[LEFT_OUT]
    if left_out:
        terminalreporter.section(f"left out for lack of a program; remedy: {REMEDY}")
        terminalreporter.write_line("\n".join(left_out))
    reports = terminalreporter.stats.get("passed", ())
    said = [text for one in reports for name, text in one.user_properties if name == "said"]
    if said:
        terminalreporter.section(str(sizes()))
        terminalreporter.write_line("\n".join(said))
    if target := config.getoption("--tally"):
        names = ("passed", "failed", "error", "skipped")
        counts = {name: len(terminalreporter.stats.get(name, ())) for name in names}
        told = {"counts": counts, "left_out": left_out, "took": _took(terminalreporter)}
        told |= {"said": said}
        target.write_text(json.dumps(told), encoding="utf-8")


def _took(reporter: Any) -> dict[str, float]:
    """Return how many seconds the longest tests took, their fixtures with them."""
    took: defaultdict[str, float] = defaultdict(float)
    for one in (one for some in reporter.stats.values() for one in some):
        if isinstance(one, pytest.TestReport):
            took[one.nodeid] += one.duration
    return dict(sorted(took.items(), key=lambda test: -test[1])[:NAMED])


def _turn(item: pytest.Item) -> tuple[int, int]:
    """Return when a test's file begins: the longest first, lest one worker end alone. What empties
    the tables goes after what shares them within a transaction; what may run on either engine after
    what must run on both, which then is who asks a database for the first time; last of all what
    either run may take, but for the longest, that SQLite begins with."""
    path = item.nodeid.partition("::")[0]
    place = LONGEST.index(path) if path in LONGEST else len(LONGEST)
    asked = item.get_closest_marker("django_db")
    emptying = "transactional_db" in getattr(item, "fixturenames", ())
    if emptying or (asked and asked.kwargs.get("transaction")):
        return 3, place
    begins = path in FIRST and not os.environ.get("DATABASE_URL", "").startswith("postgres")
    if path in SHARED and not begins:
        return 5, place
    if place < len(LONGEST):
        return 0, place
    if not item.get_closest_marker("database"):
        return 4, place
    return (2 if item.get_closest_marker("either_engine") else 1), place


def _grows(item: pytest.Item) -> bool:
    """Tell whether a test is larger at a larger SCALE: its module reads the sizes, hypothesis draws
    its examples, or it looks at a plant that has lived for longer. At the full scale the others
    would only repeat `make test`."""
    function = getattr(item, "obj", None)
    drawn = bool(getattr(function, "is_hypothesis_test", False))
    lived = not PLANTS.isdisjoint(getattr(item, "fixturenames", ()))
    return drawn or lived or hasattr(getattr(item, "module", None), "sizes")


def _most() -> int:
    """Return how much memory this process has held, in KiB; what the one that started it held is
    counted by `getrusage`."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(status.partition("VmHWM:")[2].split()[0])


def _program(fixture: str) -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS[fixture])), None)


def _required(fixture: str) -> str:
    found = _program(fixture)
    if found is None:
        pytest.fail(f"{' or '.join(PROGRAMS[fixture])} is not on PATH; remedy: {REMEDY}")
    return found


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser of this machine. Tests that ask for it are left out where there is none."""
    return _required("chromium_path")


@pytest.fixture(scope="session")
def soffice_path() -> str:
    """The LibreOffice of this machine. Tests that ask for it are left out where there is none."""
    return _required("soffice_path")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[servers.S3]:
    """A real S3 server with an empty private bucket, one a worker."""
    with servers.s3() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The DATABASE_URL of a real PostgreSQL: that of the run, else one started for this worker."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
    else:
        with servers.postgres() as url:
            yield url


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """Make the test database of this run of a copy that was migrated before."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    creation: Any = connection.creation
    database.copy(os.environ.get("DATABASE_URL", ""), creation._get_test_db_name())
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, keepdb=True, serialized_aliases=())
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)
