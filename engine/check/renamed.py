"""One cause, one finding: a field whose name is mistyped where it is asked, or an option where it
is offered, so that everything that reads it finds nothing. Start at `at_the_cause`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.errors import Finding, say
from engine.expressions.suggest import certain
from engine.load.project import Project
from engine.load.sketch import FlowSketch
from engine.load.tree import Tree
from engine.steps.options import OptionsStep

TAKING = ("F701", "F720")  # of what takes an answer with all its options
READING = ("F2", "F3", "F4", "F7")  # families that find what a name stands for


def at_the_cause(findings: Iterable[Finding], project: Project) -> list[Finding]:
    """Return findings with one in the place of several where a question's own name is the slip:
    nothing reads it, and a name a slip away is read again and again."""
    kept = list(findings)
    for sketch in project.sketches.values():
        mine = [one for one in kept if one.place.path == sketch.tree.file]
        words = {_word(sketch.tree, one) for one in mine if one.code.startswith(READING)}
        for word in sorted(words - {""}):
            cause = _cause(sketch, word)
            if cause is not None:
                kept = [one for one in kept if one not in mine or _word(sketch.tree, one) != word]
                kept.append(cause)
        kept = _at_the_option(kept, sketch)
    return kept


def _at_the_option(findings: list[Finding], sketch: FlowSketch) -> list[Finding]:
    """Return findings with one in the place of those of an option that is mistyped where it is
    offered: nothing reads it so, and what takes the answer misses the option that is read."""
    tree = sketch.tree
    mine = {one: _word(tree, one) for one in findings if one.place.path == tree.file}
    for word in sorted({said for one, said in mine.items() if one.code == "F305" and said}):
        for path, step in sketch.steps:
            codes = tuple(step.options) if isinstance(step, OptionsStep) else ()
            unread = [code for code in codes if sum(_said(row, code) for row in tree.lines) == 1]
            code = certain(word, unread) if word not in codes else ""
            taken = {one for one, said in mine.items() if one.code in TAKING and said == step.name}
            if not code or not taken:
                continue
            lost = taken | {one for one, said in mine.items() if said == word}
            message = say("вариант назван «{code}», а читают «{word}»", code=code, word=word)
            remedy = say("возможно, «{near}»?", near=word, certain=word)
            place = tree.key((*path, "options", code))
            kept = [one for one in findings if one not in lost]
            return [*kept, Finding(place, "F305", message, remedy)]
    return findings


def _cause(sketch: FlowSketch, word: str) -> Finding | None:
    lines = [at for at, row in enumerate(sketch.tree.lines, 1) if _said(row, word)]
    if len(lines) < 2:  # of one reading nobody knows which side is the slip
        return None
    names = {step.name: path for path, step in sketch.steps}
    unread = [name for name in names if sum(_said(row, name) for row in sketch.tree.lines) == 1]
    name = certain(word, unread) if word not in names else ""
    if not name:
        return None
    path = names[name]
    kind = next(iter(sketch.tree.at(path)))
    message = say(
        "поле названо «{name}», а читают «{word}»: строки {lines}",
        name=name,
        word=word,
        lines=", ".join(map(str, lines)),
    )
    remedy = say("возможно, «{near}»?", near=word, certain=word)
    return Finding(sketch.tree.place((*path, kind)), "F303", message, remedy)


def _word(tree: Tree, finding: Finding) -> str:
    place = finding.place
    if not 0 < place.line <= len(tree.lines):
        return ""
    token = tree.lines[place.line - 1][place.column - 1 :][: place.width]
    return token if token.isidentifier() else ""


def _said(row: str, word: str) -> int:
    return len(re.findall(rf"\b{word}\b", row))
