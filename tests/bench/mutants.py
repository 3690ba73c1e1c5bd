"""How many slips of an author are found: `python tests/bench/mutants.py --seed 1 --count 500`.

An operator makes one slip in one file, knowing YAML and the schemas for editors, never the rules. A
mutant whose project is equal to the original's is not counted. Printed are the share found, the
share with a finding on the very line of the slip, and by operator what was missed."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

if not __package__:  # run by its path, Python looks beside the file and not in the project
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from engine.check.checked import check_folder
from engine.check.formatting import files
from engine.check.memory import FILE as MEMORY
from engine.load.project import Project, load_project
from tests.bench.slips import OPERATORS, Slip, slip

ROOT = Path(__file__).resolve().parent.parent.parent
TRIES = 40  # until an operator finds something to do in some file
PARTS = ("project", "flows", "limits", "lifecycles", "menu", "documents", "reports")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One mutant: the slip, its file, whether it was found, and whether on its very line."""

    slip: Slip
    path: str
    found: bool
    exact: bool
    said: str


def main() -> None:
    """Make mutants and print what was found of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--all", action="store_true", help="list what was found elsewhere too")
    given = parser.parse_args()
    outcomes, equal = run(given.seed, given.count)
    print("\n".join(report(outcomes, equal, every=given.all)))


def run(seed: int, count: int) -> tuple[list[Outcome], int]:
    """Return the outcomes of so many mutants, and how many more were equal to the original."""
    chance = random.Random(seed)
    with TemporaryDirectory() as folder:
        flows = copied(Path(folder))
        original, findings = load_project(flows)
        assert original is not None
        assert not findings
        assert not check_folder(flows, cached=True).findings
        memory = (flows.parent / MEMORY).read_bytes()
        places = [(path, kind) for path, kind in files(flows) if kind != "samples"]
        outcomes: list[Outcome] = []
        done: set[tuple[Path, str]] = set()
        equal = 0
        while len(outcomes) < count and equal < count:
            (flows.parent / MEMORY).write_bytes(memory)  # a slip is made in what was right before
            name = list(OPERATORS)[(len(outcomes) + equal) % len(OPERATORS)]
            found = _one(chance, name, flows, original, places, done)
            if found is None:
                equal += 1
            else:
                outcomes.append(found)
        return outcomes, equal


def copied(folder: Path) -> Path:
    """Copy the flows, the templates and the translations, to be spoiled."""
    for name in ("flows", "templates", "locales"):
        shutil.copytree(ROOT / name, folder / name)
    return folder / "flows"


def _one(
    chance: random.Random,
    name: str,
    flows: Path,
    original: Project,
    places: list[tuple[Path, str]],
    done: set[tuple[Path, str]],
) -> Outcome | None:
    """Return the outcome of one mutant; None of one that is equal to the original, or when the
    operator has nothing new to slip on."""
    for _ in range(TRIES):
        path, kind = chance.choice(places)
        text = path.read_text("utf-8")
        made = slip(name, text, kind, chance)
        if made is not None and made.text != text and (path, made.text) not in done:
            done.add((path, made.text))
            break
    else:
        return None
    try:
        path.write_text(made.text, "utf-8")
        where = path.relative_to(flows.parent).as_posix()
        findings = check_folder(flows, cached=True).findings
        if not findings and _equal(original, load_project(flows)[0]):
            return None
    finally:
        path.write_text(text, "utf-8")
    exact = any(one.place.path == where and one.place.line in made.lines for one in findings)
    said = "; ".join(f"{one.place.path}:{one.place.line} {one.code}" for one in findings)
    return Outcome(made, where, bool(findings), exact, said)


def _equal(one: Project, other: Project | None) -> bool:
    if other is None:
        return False
    left, right = one.sources(), other.sources()
    same = all(getattr(left, part) == getattr(right, part) for part in PARTS)
    return same and [policy for _, policy in one.policies] == [
        policy for _, policy in other.policies
    ]


def report(outcomes: Iterable[Outcome], equal: int, *, every: bool = False) -> Iterable[str]:
    """Give the lines that are printed."""
    made = list(outcomes)
    found, exact = [one for one in made if one.found], [one for one in made if one.exact]
    yield (
        f"mutants {len(made)} (and {equal} equal to the original or to each other): "
        f"found {len(found)} "
        f"= {100 * len(found) / len(made):.1f} %, on the exact line {len(exact)} "
        f"= {100 * len(exact) / len(made):.1f} %"
    )
    counts, missed = Counter(one.slip.name for one in made), Counter[str]()
    missed.update(one.slip.name for one in made if not one.found)
    for name, count in counts.items():
        elsewhere = sum(one.found and not one.exact for one in made if one.slip.name == name)
        yield f"  {name:14} {count:4}  missed {missed[name]:3}  found elsewhere {elsewhere:3}"
    for one in made:
        if not one.found or (every and not one.exact):
            line = min(one.slip.lines)
            yield f"{'MISSED' if not one.found else 'ELSEWHERE'} {one.slip.name} {one.path}:{line}"
            yield f"    - {one.slip.before}"
            yield f"    + {one.slip.after}" + (f"    [{one.said}]" if one.said else "")


if __name__ == "__main__":
    main()
