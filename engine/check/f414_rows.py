"""F414: a list of rows that cannot be begun or ended, or words that mean nothing beside others."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW, rows
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.forms import Part
from engine.load.sketch import FlowSketch
from engine.load.tree import Tree
from engine.steps.repeat import RepeatStep

_MEANINGLESS = ("add", "remove", "done", "rows")


def find(subject: Subject) -> Iterator[Finding]:
    """Look at every list of rows, and for words of rows that stand elsewhere."""
    for sketch in subject.project.sketches.values():
        for part in sketch.parts.every():
            if isinstance(part.step, RepeatStep):
                yield from _rows(sketch.tree, part, part.step)
        yield from _unique(sketch)


def _rows(tree: Tree, part: Part, step: RepeatStep) -> Iterator[Finding]:
    path = part.path
    if step.over is not None:
        for key in _MEANINGLESS:
            if (*path, key) in tree.keys:
                message = say("рядом с «over:» ключ «{key}» ничего не значит", key=key)
                remedy = "строки уже даны: уберите его"
                yield Finding(tree.key((*path, key)), "F414", message, remedy)
        return
    if step.rows[0] > 0 and all(button.when is not None for button in step.add):
        message = "может не остаться кнопки, которая добавляет строку"
        remedy = "дайте хотя бы одной кнопке показываться всегда: уберите её «when:»"
        yield Finding(tree.key((*path, "add")), "F414", message, remedy)
    inner = [one.step.name for one in part.within.every()]
    for at, button in enumerate(step.add):
        for name in button.set:
            if name not in inner and name not in part.within.all_lost:
                message = say("в строке нет вопроса «{name}»", name=name)
                place = tree.key((*path, "add", at, "set", name))
                yield Finding(place, "F414", message, hint(name, inner, "вопросы строки"))


def _unique(sketch: FlowSketch) -> Iterator[Finding]:
    inside = {
        one.path
        for part in sketch.parts.every()
        if isinstance(part.step, RepeatStep)
        for one in part.within.every()
    }
    for part in sketch.parts.every():
        if part.step.unique and part.path not in inside:
            message = "«unique» сравнивает со строками списка, а этот вопрос не в списке"
            place = sketch.tree.key((*part.path, "unique"))
            yield Finding(place, "F414", message, "уберите его")


RULE = Rule(
    "F414",
    "список строк не собрать",
    find,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            rows("    add: [{title: Ещё, when: weight > 5}]\n"),
            rows("    add: [{title: Ещё}]\n"),
            "add",
            "when",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            rows("    add: [{title: Ещё, set: {peices: 1}}]\n"),
            rows("    add: [{title: Ещё, set: {pieces: 1}}]\n"),
            "peices",
            "pieces",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            rows("    over: parts('1')\n    rows: [1, 5]\n"),
            rows("    over: parts('1')\n"),
            "rows: [",
            "уберите",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - integer: tags\n    unique: true\n",
            rows("    add: Ещё\n").replace("Кусков\n", "Кусков\n        unique: true\n"),
            "unique",
            "уберите",
        ),
    ),
    "Рабочий не смог бы ни добавить строку, ни закончить список.",
)
