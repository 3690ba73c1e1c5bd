"""A folder checked: what loading and the rules find, and what there is. Start at `check_folder`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.check.ignores import without_ignored
from engine.check.rules import RULES, check
from engine.errors import Finding, say
from engine.load.project import Project, load_project
from engine.load.tree import Tree, read_tree


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, the trees of the files, one line that sums up."""

    findings: tuple[Finding, ...]
    trees: Mapping[str, Tree]
    summary: str


def check_folder(folder: Path, *, cached: bool = False) -> Report:
    """Load and check a folder. The rules run on what could be read, so that one mistake does not
    hide another."""
    project, findings = load_project(folder)
    if project is None:
        return Report(findings, read_trees(folder, findings), "")
    there = {(one.place.path, one.place.line, one.place.column) for one in findings}
    more = [
        one
        for one in check(project)
        if (one.place.path, one.place.line, one.place.column) not in there
    ]
    found = without_ignored(sorted({*findings, *more}), project.trees, RULES)
    return Report(found, project.trees, _summary(project))


def read_trees(folder: Path, findings: tuple[Finding, ...]) -> dict[str, Tree]:
    """Read the files of findings once more, for their lines: no project holds them."""
    trees = {}
    for name in {finding.place.path for finding in findings}:
        path = folder.resolve().parent / name
        if path.is_file():
            trees[name] = read_tree(name, path.read_text("utf-8", errors="replace"))[0]
    return trees


def _summary(project: Project) -> str:
    steps = sum(len(flow.steps) for flow in project.flows.values())
    return say(
        "Проверено: форм {flows}, шагов {steps}, жизненных циклов {lives}, лимитов {limits}, "
        "документов {documents}. Ошибок нет.",
        flows=len(project.flows),
        steps=steps,
        lives=len(project.lifecycles),
        limits=len(project.limits),
        documents=len(project.documents),
    )
