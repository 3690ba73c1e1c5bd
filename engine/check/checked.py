"""A folder checked: what loading and the rules find, and what there is. Start at `check_folder`; a
process that runs forms, and reads them again whenever they are saved, at `Checker`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from engine.check.ignores import without_ignored
from engine.check.memory import Known, Looked, Memory, look, recall, shown_to_others
from engine.check.rules import RULES, check
from engine.errors import Finding, say
from engine.load.files import Files
from engine.load.project import NONE, Project, load_project
from engine.load.sketch import FlowSketch
from engine.load.tree import Tree, read_tree
from engine.load.unread import Flows, Unread

FEW = 20  # changed flows that are still worth checking alone


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, the trees of the files, one line that sums up."""

    findings: tuple[Finding, ...]
    trees: Mapping[str, Tree]
    summary: str


def check_folder(folder: Path, *, cached: bool = False) -> Report:
    """Load and check a folder. The rules run on what could be read, so that one mistake does not
    hide another. With `cached`, what has not changed since the last time is taken from memory."""
    if not cached:
        return checked(folder)[0]
    root = folder.resolve()
    looked, memory = look(root), recall(root.parent)
    fresh = _again(root, looked, memory, partial(checked, root)) if memory else None
    if fresh is None:
        report, project = checked(folder)
        if project is None:
            return report
        fresh = _memory(looked, project, report)
    if fresh is not memory:
        fresh.write(root.parent)
    found = _all_of(fresh)
    return Report(found, read_trees(root, found), _summary(_sums(fresh)))


class Checker:
    """Checks a folder that is saved again and again, and loads it whole: what has not changed since
    it was checked the last time is not checked twice. It remembers by what files hold, so copies
    of a folder are the same to it."""

    def __init__(self) -> None:
        self._memory: Memory | None = None

    def __call__(self, folder: Path) -> tuple[tuple[Finding, ...], Project | None]:
        """Return what is found in a folder, and its Project as far as it could be read."""
        root = folder.resolve()
        looked, memory = look(root), self._memory
        project, findings = load_project(root)
        if project is None:
            return findings, None
        whole = project

        def part(unread: Mapping[str, Unread]) -> tuple[Report, Project]:
            mine = [one for one in findings if one.place.path not in unread]
            read = _without(whole, unread)
            return _found(read, mine), read

        fresh = _again(root, looked, memory, part) if memory else None
        if fresh is None:
            report = _found(project, findings)
            fresh = _memory(looked, project, report)
        if look(root) != looked:  # saved meanwhile: what was read may be none of what was looked at
            self._memory = None
            report, project = checked(root)
            return report.findings, project
        self._memory = fresh
        return _all_of(fresh), project


def _all_of(memory: Memory) -> tuple[Finding, ...]:
    of_flows = (each for one in memory.flows.values() for each in one.findings)
    return tuple(sorted((*memory.findings, *of_flows)))


def _without(project: Project, unread: Mapping[str, Unread]) -> Project:
    """Return a project as if some files of flows had been left unread."""
    files = project.files
    others = {
        name: partial(_itself, sketch)
        for name, sketch in project.sketches.items()
        if files["flow", name] in unread
    }
    read = {name: sketch for name, sketch in project.sketches.items() if name not in others}
    flows = {name: flow for name, flow in project.flows.items() if name not in others}
    trees = {path: tree for path, tree in project.trees.items() if path not in unread}
    sketches = Flows(read, others) if others else read
    return replace(project, sketches=sketches, flows=flows, trees=trees)


def _itself(sketch: FlowSketch) -> FlowSketch:
    return sketch


def checked(folder: Path, unread: Mapping[str, Unread] = NONE) -> tuple[Report, Project | None]:
    """Load and check a folder anew; return the Project with the report, as far as it could be
    read."""
    project, findings = load_project(folder, unread)
    if project is None:
        return Report(findings, read_trees(folder, findings), ""), None
    return _found(project, findings), project


def _found(project: Project, findings: Iterable[Finding]) -> Report:
    """Add what the rules find to what was found when a project was loaded."""
    there = {(one.place.path, one.place.line, one.place.column) for one in findings}
    more = [
        one
        for one in check(project)
        if (one.place.path, one.place.line, one.place.column) not in there
    ]
    found = without_ignored(sorted({*findings, *more}), project.trees, RULES)
    found = _translated_last(found, project.trees)
    return Report(found, project.trees, _summary(_counted(project)))


TRANSLATIONS = ("F211", "F212")  # a text of the plant without its translation, or with an old one
MISNAMED = "F719"


def _translated_last(
    findings: tuple[Finding, ...], trees: Mapping[str, Tree]
) -> tuple[Finding, ...]:
    """Leave out what is to be translated where mending another mistake changes the very text: one
    that stands in it, or the name of the form that all its texts are known by."""
    wrong = [one for one in findings if not RULES[one.code].runs]
    return tuple(
        one
        for one in findings
        if one.code not in TRANSLATIONS
        or not any(_is_within(other, one, trees[one.place.path]) for other in wrong)
    )


def _is_within(other: Finding, text: Finding, tree: Tree) -> bool:
    if other.place.path != text.place.path or other.code == MISNAMED:
        return other.place.path == text.place.path
    lines = range(text.place.line + 1, other.place.line + 1)
    apart = any(place.line in lines for place in tree.values.values())
    return text.place.line <= other.place.line and not apart


def _again(
    root: Path,
    looked: Looked,
    memory: Memory,
    check_part: Callable[[Mapping[str, Unread]], tuple[Report, Project | None]],
) -> Memory | None:
    """Return the memory brought up to date by checking the flows that changed; None when more than
    they may have changed."""
    if looked.rest != memory.rest or set(looked.flows) != set(memory.flows):
        return None
    changed = {path for path, digest in looked.flows.items() if digest != memory.flows[path].digest}
    if not changed:
        return memory
    before = [one for path in changed for one in memory.flows[path].findings]
    if len(changed) > FEW or any(RULES[one.code].whole for one in before):
        return None
    shown = {path: _shown(root, path) for path in changed}
    if any(not one or one != memory.flows[path].shows for path, one in shown.items()):
        return None
    unread = {path: one.unread for path, one in memory.flows.items() if path not in changed}
    report, project = check_part(unread)
    rest = tuple(one for one in report.findings if one.place.path not in memory.flows)
    if project is None or rest != memory.findings:
        return None
    flows = dict(memory.flows)
    for path in changed:
        flows[path] = _known(path, looked.flows[path], project, report.findings)
        if flows[path].shows != memory.flows[path].shows:  # saved again meanwhile
            return None
    return replace(memory, flows=flows)


def _shown(root: Path, path: str) -> str:
    """Return what a flow shows to others now; nothing of what cannot be read."""
    text = Files(root).text(root.parent / path)
    return "" if text is None else shown_to_others(read_tree(path, text)[0])


def _memory(looked: Looked, project: Project, report: Report) -> Memory:
    by_path: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_path.setdefault(finding.place.path, []).append(finding)
    flows = {
        path: _known(path, digest, project, by_path.get(path, ()))
        for path, digest in looked.flows.items()
    }
    rest = tuple(one for one in report.findings if one.place.path not in flows)
    sums = {key: count for key, count in _counted(project).items() if key not in _OF_FLOWS}
    return Memory(looked.rest, flows, rest, sums)


_OF_FLOWS = ("flows", "steps")


def _known(path: str, digest: str, project: Project, findings: Iterable[Finding]) -> Known:
    """Return what is to be remembered of one flow that was read."""
    names = [name for (kind, name), file in project.files.items() if (kind, file) == ("flow", path)]
    tree = project.trees.get(path)
    flow = next((project.flows[name] for name in names if name in project.flows), None)
    named = tree.at(("flow",)) if tree else None
    name = names[0] if names else named if isinstance(named, str) else Path(path).stem
    unread = Unread(name, ("flow", name) in project.broken, bool(names))
    mine = tuple(finding for finding in findings if finding.place.path == path)
    return Known(digest, shown_to_others(tree), unread, mine, len(flow.steps) if flow else None)


def read_trees(folder: Path, findings: tuple[Finding, ...]) -> dict[str, Tree]:
    """Read the files of findings once more, for their lines: no project holds them."""
    trees = {}
    for name in {finding.place.path for finding in findings}:
        path = folder.resolve().parent / name
        if path.is_file():
            trees[name] = read_tree(name, path.read_text("utf-8", errors="replace"))[0]
    return trees


def _counted(project: Project) -> dict[str, int]:
    return {
        "flows": len(project.flows),
        "steps": sum(len(flow.steps) for flow in project.flows.values()),
        "lives": len(project.lifecycles),
        "limits": len(project.limits),
        "documents": len(project.documents),
        "reports": len(project.reports),
    }


def _sums(memory: Memory) -> dict[str, int]:
    steps = [one.steps for one in memory.flows.values() if one.steps is not None]
    return {"flows": len(steps), "steps": sum(steps), **memory.sums}


def _summary(sums: Mapping[str, int]) -> str:
    return say(
        "Проверено: форм {flows}, шагов {steps}, жизненных циклов {lives}, лимитов {limits}, "
        "документов {documents}, отчётов {reports}. Ошибок нет.",
        **sums,
    )
