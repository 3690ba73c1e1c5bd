"""How much memory the worst inputs take: `python -m tests.fuzz` prints mebibytes for each kind.

A process of its own, since what a process has taken it rarely gives back."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.bounded import Bounded
from tests.fuzz.chats import Talk
from tests.fuzz.expressions import ODD, evaluate
from tests.fuzz.files import MIB, PATHS, PIECES, File, Plants, shipped
from tests.fuzz.layouts import print_layout, written

ROWS = "{% for row in rows %}"
LAYOUTS = [ROWS * 3 + "{{ a }}" * 300, ROWS + "я" * 4_000 + "{% endfor %}", "{{ a }}" * 990]
TEXTS = ["join(marks, join(marks, join(marks, join(marks, ', '))))", "items." * 80 + "kg"]


def files() -> None:
    """Check files of a mebibyte, each one piece again and again."""
    with tempfile.TemporaryDirectory() as folder:
        plants = Plants(Path(folder))
        for at, piece in enumerate(PIECES):
            content = piece.encode("utf-8", "surrogatepass")
            whole = content * (MIB // len(content))
            plants.check(File(PATHS[at % len(PATHS)], whole), Bounded(""))


def expressions() -> None:
    """Run expressions that multiply over every odd value."""
    for text in TEXTS:
        for value in ODD:
            evaluate(text, {"marks": value, "items": value}, Bounded(""))


def layouts() -> None:
    """Print layouts that ask for much."""
    for text in LAYOUTS:
        print_layout(written([(text, 0, "paragraph")], []), Bounded(""))


def chats() -> None:
    """Talk for a while."""
    for number in range(10):
        Talk(f"memory:{number}", Bounded("")).run()


def most() -> int:
    """Return the most memory that this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def warm() -> None:
    """Import what is imported late, and fill caches: that is not what an input takes."""
    with tempfile.TemporaryDirectory() as folder:
        plants = Plants(Path(folder))
        for path in PATHS:
            plants.check(File(path, shipped(path)), Bounded(""))
    print_layout(written([("{{ a }}", 0, "paragraph")], []), Bounded(""))
    Talk("warm", Bounded("")).run()


def main() -> None:
    """Measure each kind, one after another."""
    warm()
    taken: dict[str, int] = {}
    kinds: tuple[Callable[[], None], ...] = (files, expressions, layouts, chats)
    for kind in kinds:
        before = most()
        kind()
        taken[kind.__name__] = (most() - before) // MIB
    json.dump(taken, sys.stdout)


if __name__ == "__main__":
    main()
