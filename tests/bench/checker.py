"""One lap of checking a folder of flows, in a process of its own, so that its memory is its own and
nothing is known from a lap before: `python -m tests.bench.checker ROW FOLDER`, which `row` starts.
Beside it check-jsonschema and yamllint on the same files."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from tests.bench.laps import peak_mb

LINT = "{extends: default, rules: {line-length: disable, document-start: disable}}"
ROOT = Path(__file__).resolve().parent.parent.parent
Lap = tuple[str, float, float, float]  # what, seconds of the clock, of the process, peak in MB


def _cold(flows: Path) -> Lap:
    from engine.check.checked import check_folder

    return _timed(lambda: len(check_folder(flows).findings))


def _fill(flows: Path) -> Lap:
    from engine.check.checked import check_folder

    return _timed(lambda: len(check_folder(flows, cached=True).findings))


def _imports(flows: Path) -> Lap:
    begun, own = time.perf_counter(), time.process_time()
    import engine.check.validation

    del own, engine, flows
    return "imported", time.perf_counter() - begun, time.process_time(), peak_mb()


ROWS: dict[str, Callable[[Path], Lap]] = {
    "cold": _cold,
    "fill": _fill,
    "imports": _imports,
}


def _timed(work: Callable[[], int]) -> Lap:
    # What the rules of layouts bring with them when they find one is an import too.
    import engine.documents.docx
    import engine.documents.layout

    del engine
    begun, own = time.perf_counter(), time.process_time()
    found = work()
    return f"{found} findings", time.perf_counter() - begun, time.process_time() - own, peak_mb()


def row(name: str, flows: Path) -> Lap:
    """Take a lap in a fresh process."""
    command = [sys.executable, "-m", "tests.bench.checker", name, str(flows)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    what, clock, own, peak = json.loads(done.stdout.splitlines()[-1])
    return what, clock, own, peak


def whole(flows: Path) -> Lap:
    """Check a folder in a fresh process, with its start."""
    return _process("-m", "tests.bench.checker", "cold", str(flows))


def peer(flows: Path) -> Lap:
    """Run check-jsonschema on the flows; its schema tells names, and nothing of what they mean."""
    return _theirs(flows, "check_jsonschema", "--schemafile", str(ROOT / ".schema/flow.json"))


def both(flows: Path) -> Lap:
    """Run check-jsonschema and yamllint on the same flows, one after the other: what a plant would
    have of free programs."""
    said, clock, own, held = peer(flows)
    also, more, of_it, beside = _theirs(flows, "yamllint", "-d", LINT)
    return f"{said}, {also}", clock + more, own + of_it, max(held, beside)


def _theirs(flows: Path, *program: str) -> Lap:
    assert find_spec(program[0]), f"{program[0]} is not installed"
    files = [str(path) for path in sorted(flows.glob("area_*/*.yaml"))]
    return _process("-m", *program, *files)


def _process(*words: str) -> Lap:
    begun = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *words], capture_output=True, check=False, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = "exit " + str(done.returncode)
    return said, time.perf_counter() - begun, own, after.ru_maxrss / 1024


def lines_of(flows: Path) -> int:
    """Count the lines of a folder's YAML."""
    return sum(path.read_text("utf-8").count("\n") for path in flows.rglob("*.yaml"))


if __name__ == "__main__":
    print(json.dumps(ROWS[sys.argv[1]](Path(sys.argv[2]))))
