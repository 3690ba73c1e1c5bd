"""A folder checked: what loading and the rules find, and what there is. Start at `check_folder`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.check.rules import check
from engine.errors import Finding
from engine.load.project import Project, load_project
from engine.load.tree import Tree


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, the trees of the files, one line that sums up."""

    findings: tuple[Finding, ...]
    trees: Mapping[str, Tree]
    summary: str


def check_folder(folder: Path) -> Report:
    """Load and check a folder. The rules run on what could be loaded, so that one mistake does not hide another."""
    project, findings = load_project(folder)
    if project is None:
        return Report(findings, {}, "")
    lines = {finding.place.line for finding in findings}
    more = [finding for finding in check(project) if finding.place.line not in lines or not findings]
    return Report(tuple(sorted({*findings, *more})), project.trees, _summary(project))


def _summary(project: Project) -> str:
    steps = sum(len(flow.steps) for flow in project.flows.values())
    return (f"Проверено: форм {len(project.flows)}, шагов {steps}, жизненных циклов {len(project.lifecycles)}, "
            f"пределов {len(project.limits)}, документов {len(project.documents)}. Ошибок нет.")
