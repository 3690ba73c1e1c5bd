"""Files laid out: `cli.py fmt`. Start at `formatted`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from engine.check.json_schemas import FILES
from engine.check.mend import write
from engine.check.paths import asked
from engine.load.keys import order
from engine.load.layout import laid_out
from engine.load.tree import read_tree

PLACES = (
    ("project", "project.yaml"),
    ("limits", "limits.yaml"),
    ("menu", "menu.yaml"),
    ("policies", "policies.yaml"),
    ("samples", "samples.yaml"),
    ("lifecycle", "lifecycles/*.yaml"),
    ("report", "reports/*.yaml"),
    ("report", "reports/*/report.yaml"),
    ("flow", "*/*.yaml"),
)


@dataclass(frozen=True, slots=True)
class Formatted:
    """One file: as shown to people, its text before and after; `after` is None of a file that
    cannot be read, which `validate` explains."""

    path: str
    before: str
    after: str | None

    @property
    def changed(self) -> bool:
        """Tell whether it is not laid out yet."""
        return self.after is not None and self.after != self.before


def formatted(paths: Iterable[Path], *, keep: bool) -> tuple[Formatted, ...]:
    """Lay out the files of some paths; with `keep` nothing is written. Raises NoProject."""
    found = []
    for one in asked(paths):
        base = one.folder.resolve().parent
        for path, kind in files(one.folder.resolve()):
            name = path.relative_to(base).as_posix()
            if one.covers(name):
                before = path.read_text("utf-8")
                made = Formatted(one.shown(name), before, _laid_out(before, kind))
                found.append(made)
                if made.changed and not keep:
                    write(path, made.after or "")
    return tuple(found)


def files(root: Path) -> list[tuple[Path, str]]:
    """Return every YAML file of a project with its kind."""
    found = [
        (path, kind)
        for path in sorted(root.rglob("*.yaml"))
        if (kind := kind_of(path.relative_to(root).as_posix()))
    ]
    documents = sorted(root.parent.glob("templates/*/document.yaml"))
    return [*found, *((path, "document") for path in documents)]


def kind_of(name: str) -> str:
    """Return what a file below the folder of flows holds; empty for none of ours.

    >>> kind_of("receiving/raw_intake.yaml"), kind_of("lifecycles/mix.yaml")
    ('flow', 'lifecycle')
    """
    for kind, place in PLACES:
        if name.count("/") == place.count("/") and fnmatch(name, place):
            return kind
    return ""


def _laid_out(text: str, kind: str) -> str | None:
    tree, findings = read_tree("", text)
    if findings or tree.data is None:
        return None
    form, shape = FILES[kind]
    return laid_out(text, order(form, shape, tree.data))
