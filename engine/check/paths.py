"""Which project the paths of a command belong to, and which of its findings they ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.errors import Finding

FILE = "project.yaml"


class NoProject(Exception):
    """A path that is not there, or that no project.yaml stands above."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One project and what is asked of it: `within` are paths relative to its base, empty: all."""

    folder: Path
    within: tuple[str, ...] = ()

    def covers(self, path: str) -> bool:
        """Tell whether a file is asked for."""
        return not self.within or any(
            path == one or path.startswith(f"{one}/") for one in self.within
        )

    def only(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return the findings that are asked for."""
        return tuple(finding for finding in findings if self.covers(finding.place.path))

    def shown(self, path: str) -> str:
        """Return a path as seen from the folder where the command runs, when it lies below it."""
        whole, here = self.folder.resolve().parent / path, Path.cwd()
        return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else path


def asked(paths: Iterable[Path]) -> tuple[Asked, ...]:
    """Return the projects of paths: a file or a folder is checked in the context of its whole
    project. Raises NoProject with the path that has none."""
    found: dict[Path, tuple[str, ...]] = {}
    for path in paths:
        folder = _project(path)
        before = found.get(folder, ("",))
        if path.resolve() == folder:
            found[folder] = ()
        elif before:
            inner = path.resolve().relative_to(folder.parent).as_posix()
            found[folder] = (*(one for one in before if one), inner)
    return tuple(Asked(folder, within) for folder, within in found.items())


def _project(path: Path) -> Path:
    """Return the folder of the project that a path belongs to: templates lie beside it."""
    if not path.exists():
        raise NoProject(str(path))
    whole = path.resolve()
    for folder in (whole, *whole.parents):
        if (folder / FILE).is_file():
            return folder
        if folder.name == "templates" and (folder.parent / "flows" / FILE).is_file():
            return folder.parent / "flows"
    raise NoProject(str(path))
