"""One cause, one finding: a question whose unit is the slip, so that all that reads it finds
another one than it needs. Found by trying: with another unit everything fits. Start at
`at_the_unit`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.check.subject import Subject, problems_of_flow
from engine.errors import Finding, Place, say
from engine.load.forms import Part, Steps
from engine.load.sketch import FlowSketch
from engine.load.tree import Path
from engine.steps.number import NumberStep
from engine.steps.value import ValueStep

CODES = {"F302", "F309", "F310", "F701", "F718", "F720"}  # of values of another unit
MOST = 60  # units that are tried in one flow
EFFORT = 3_000  # lines of a flow that are gone through for all of them

Key = tuple[Place, str]


def at_the_unit(findings: Iterable[Finding], subject: Subject) -> list[Finding]:
    """Return findings with one in the place of those that another unit of one question mends."""
    kept = list(findings)
    for sketch in subject.project.sketches.values():
        mine = {
            (one.place, one.code)
            for one in kept
            if one.place.path == sketch.tree.file and one.code in CODES
        }
        cause = _cause(subject, sketch, mine) if mine else None
        if cause is not None:
            finding, gone = cause
            kept = [
                one
                for one in kept
                if (one.place, one.code) not in gone and one.place != finding.place
            ]
            kept.append(finding)
    return kept


def _cause(subject: Subject, sketch: FlowSketch, mine: set[Key]) -> tuple[Finding, set[Key]] | None:
    """Return the one unit that mends more than any other, with what it mends."""
    tries = min(MOST, EFFORT // len(sketch.tree.lines))
    if not tries:
        return None
    before = _keys(subject, sketch)
    found: list[tuple[set[Key], Path, str, str]] = []
    for path, step, unit in list(_tried(subject, sketch))[:tries]:
        after = _keys(subject, replace(sketch, parts=_with_unit(sketch.parts, path, unit)))
        gone = before & mine - after
        sure = step.limit or len(gone) > 1 or _within(sketch, path, gone)  # a limit has one unit
        if gone and after < before and sure:
            found.append((gone, path, str(step.unit), unit))
    most = max((len(gone) for gone, *_ in found), default=0)
    best = [one for one in found if len(one[0]) == most]
    if len({path for _, path, _, _ in best}) != 1:
        return None  # nothing mends them, or several would
    gone, path, unit, other = best[0]
    message = say(
        "единица «{unit}» не подходит: строки {lines} ждут другую",
        unit=unit,
        lines=", ".join(map(str, sorted({place.line for place, _ in gone}))),
    )
    place = sketch.tree.place((*path, "unit"))
    return Finding(place, "F302", message, say("поставьте «unit: {unit}»", unit=other)), gone


def _tried(
    subject: Subject, sketch: FlowSketch
) -> Iterator[tuple[Path, NumberStep | ValueStep, str]]:
    """Give every other unit of every question that has one; a limit is in one unit only."""
    project = subject.project
    for path, step in sketch.steps:
        if isinstance(step, NumberStep | ValueStep) and step.unit:
            limit = project.limits.get((step.limit or "").partition("(")[0])
            for unit in project.project.units:
                if unit != step.unit and (not step.limit or (limit and limit.unit == unit)):
                    yield path, step, unit


def _keys(subject: Subject, sketch: FlowSketch) -> set[Key]:
    return {(one.place, one.code) for one in problems_of_flow(subject.project, sketch)}


def _within(sketch: FlowSketch, path: Path, gone: set[Key]) -> bool:
    """Tell whether what is mended stands in the very question."""
    lines = [
        place.line for where, place in sketch.tree.values.items() if where[: len(path)] == path
    ]
    return all(min(lines) <= place.line <= max(lines) for place, _ in gone)


def _with_unit(steps: Steps, path: Path, unit: str) -> Steps:
    def changed(part: Part) -> Part:
        if part.path == path:
            return replace(part, step=part.step.model_copy(update={"unit": unit}))
        return replace(part, within=_with_unit(part.within, path, unit))

    return replace(steps, parts=tuple(map(changed, steps.parts)))
