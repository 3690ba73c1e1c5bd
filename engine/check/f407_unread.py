"""F407: an answer or a parameter that nothing reads: neither a condition, nor a text, nor what is
saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.check.example import CALLED, FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.sketch import FlowSketch
from engine.load.tree import Path

# What stores nothing, or is asked for its own sake.
SILENT = {"review", "show", "group", "wait", "call"}
ALL = "answers"  # passes every answer
_WORD = re.compile(r"[a-z_][a-z0-9_]*")


def find(subject: Subject) -> Iterator[Finding]:
    """Look for the name of every question and parameter in the other values of its flow."""
    for sketch in subject.project.sketches.values():
        if not sketch.lost:
            yield from _parameters(sketch)
        if ("save",) in sketch.tree.keys and not sketch.lost:
            yield from _of(sketch)


def _of(sketch: FlowSketch) -> Iterator[Finding]:
    read = set(_read(sketch.tree.data, ()))
    if ALL in _passed(sketch.tree.data.get("save")):
        return
    for path, step in sketch.steps:
        if step.kind not in SILENT and not {step.name, *_rows(sketch, path)} & read:
            place = sketch.tree.place((*path, step.kind))
            message = say("ответ «{name}» ни во что не идёт", name=step.name)
            remedy = "сохраните его в «save:» или уберите вопрос"
            yield Finding(place, "F407", message, remedy)


def _parameters(sketch: FlowSketch) -> Iterator[Finding]:
    data = {key: value for key, value in sketch.tree.data.items() if key != "given"}
    read = set(_read(data, ()))
    for name in sketch.given:
        if name not in read:
            message = say("параметр «{name}» ни во что не идёт", name=name)
            remedy = "назовите его в «known:», «with:» или условии, или уберите"
            yield Finding(sketch.tree.key(("given", name)), "F407", message, remedy)


def _rows(sketch: FlowSketch, path: Path) -> Iterator[str]:
    """Give the names of the lists whose rows a question belongs to."""
    for size in range(1, len(path)):
        above = sketch.tree.at(path[:size])
        if isinstance(above, dict) and isinstance(above.get("repeat"), str):
            yield above["repeat"]


def _read(data: Any, path: Path) -> Iterator[str]:
    """Give the words of every value but the names of the questions themselves."""
    if isinstance(data, str):
        yield from _WORD.findall(data)
    elif isinstance(data, dict):
        for at, (key, value) in enumerate(data.items()):
            if at or not (path and isinstance(path[-1], int) and "steps" in path[-2:]):
                yield from _read(value, (*path, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from _read(value, (*path, at))


def _passed(save: Any) -> set[str]:
    return set(_read(save, ())) if save else set()


RULE = Rule(
    "F407",
    "ответ ни во что не идёт",
    find,
    (
        Example(
            FLOW,
            "with: {answers: answers}",
            "with: {count: count_of, temp: body_temp, reason: reason_text}",
            "with: {count: count_of, temp: body_temp, reason: reason_text, tags: tags}",
            "tags\n",
            "save",
        ),
        Example(
            CALLED,
            "given: {least: number kg}",
            'given: {least: number kg, most: "number kg?"}',
            "given: { least: number kg }",
            "most",
            "уберите",
        ),
    ),
    "Рабочий ответил бы, а ответ пропал: его не сохранили и нигде не показали.",
)
