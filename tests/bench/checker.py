"""What checking costs: the plant's own flows, a thousand made-up ones, one of them changed, and
beside it check-jsonschema on the same files. `python tests/bench/checker.py --count 1000 --seed 1`.

Every row is a process of its own, so that its memory is its own; seconds are of the clock, and of
this process alone in brackets."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

if not __package__:  # run by its path, Python looks beside the file and not in the project
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.bench.many import plant

ROOT = Path(__file__).resolve().parent.parent.parent
Row = tuple[str, float, float, float]  # what, seconds of the clock, of the process, peak in MB


def main() -> None:
    """Measure and print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--row", nargs=2)
    given = parser.parse_args()
    if given.row:
        print(json.dumps(ROWS[given.row[0]](Path(given.row[1]))))
        return
    print(f"flows/ as it stands, {_lines(ROOT / 'flows')} lines of YAML")
    _print("imports, before the first file is read", _row("imports", ROOT / "flows"))
    _print("cold, after imports", _row("cold", ROOT / "flows"))
    _print("loading alone, a thousand lines", _row("load", ROOT / "flows"))
    with TemporaryDirectory() as folder:
        flows = plant(Path(folder), given.count, given.seed)
        print(f"{given.count} flows made of seed {given.seed}, {_lines(flows)} lines")
        _print("loading alone, a thousand lines", _row("load", flows))
        _print("cold, after imports", _row("fill", flows))
        _print("warm, after imports", _row("fill", flows))
        path = flows / f"area_00/made_{min(7, given.count - 1):04}.yaml"
        path.write_text(path.read_text("utf-8").replace("weight_2 >", "wieght_2 >"), "utf-8")
        _print("one file changed, after imports", _row("fill", flows))
        _print("check-jsonschema on the same files", _peer(flows))


def _cold(flows: Path) -> Row:
    from engine.check.checked import check_folder

    return _timed(lambda: len(check_folder(flows).findings))


def _fill(flows: Path) -> Row:
    from engine.check.checked import check_folder

    return _timed(lambda: len(check_folder(flows, cached=True).findings))


def _load(flows: Path) -> Row:
    from engine.load.project import load_project

    what, clock, own, peak = _timed(lambda: len(load_project(flows)[1]))
    per = _lines(flows) / 1000
    return what, clock / per, own / per, peak


def _imports(flows: Path) -> Row:
    begun, own = time.perf_counter(), time.process_time()
    import engine.check.validation

    del own, engine, flows
    return "imported", time.perf_counter() - begun, time.process_time(), _peak()


ROWS: dict[str, Callable[[Path], Row]] = {
    "cold": _cold,
    "fill": _fill,
    "load": _load,
    "imports": _imports,
}


def _timed(work: Callable[[], int]) -> Row:
    begun, own = time.perf_counter(), time.process_time()
    found = work()
    return f"{found} findings", time.perf_counter() - begun, time.process_time() - own, _peak()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _row(name: str, flows: Path) -> Row:
    command = [sys.executable, "-m", "tests.bench.checker", "--row", name, str(flows)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    what, clock, own, peak = json.loads(done.stdout.splitlines()[-1])
    return what, clock, own, peak


def _peer(flows: Path) -> Row:
    """Run the peer on the flows; its schema tells names, and nothing of what they mean."""
    files = [str(path) for path in sorted(flows.glob("area_*/*.yaml"))]
    schema = ROOT / ".schema/flow.json"
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), *files]
    begun = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = "exit " + str(done.returncode)
    return said, time.perf_counter() - begun, own, after.ru_maxrss / 1024


def _lines(flows: Path) -> int:
    return sum(path.read_text("utf-8").count("\n") for path in flows.rglob("*.yaml"))


def _print(title: str, row: Row) -> None:
    what, clock, own, peak = row
    print(f"  {title:42} {clock:8.3f} s ({own:.3f})  {peak:6.0f} MB  {what}")


if __name__ == "__main__":
    main()
