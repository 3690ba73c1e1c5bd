"""F418: a key that does nothing at a question of this kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.check.example import FLOW, rows
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.forms import Part
from engine.load.tree import Tree
from engine.steps.repeat import RepeatStep

LOOKED_AT = ("check", "confirm", "warn")  # conditions of an answer that is given
OF_AN_ANSWER = (
    *("example", "skip", "known", "default", "suggest", "unrecognised", "starts"),
    *LOOKED_AT,
)
IDLE: Mapping[str, tuple[str, ...]] = {  # by kind; neither schemas nor the manual offer them
    "integer": ("unit",),
    "value": ("prompt", "hint", *OF_AN_ANSWER),
    "call": ("prompt", "hint", *OF_AN_ANSWER),
    "group": (
        *("prompt", "hint", "otherwise"),
        *(key for key in OF_AN_ANSWER if key not in LOOKED_AT),
    ),
    "repeat": tuple(key for key in OF_AN_ANSWER if key != "check"),
    "review": ("prompt", "label", "hint", "otherwise", *OF_AN_ANSWER),
}
GIVEN_ROWS = ("prompt", "hint", "check")  # of a list whose rows are given: it is never asked itself


def find(subject: Subject) -> Iterator[Finding]:
    """Look at the keys of every question that is not simply asked."""
    for sketch in subject.project.sketches.values():
        for part in sketch.parts.every():
            yield from idle(sketch.tree, part)


def idle(tree: Tree, part: Part) -> Iterator[Finding]:
    """Give the keys of a question that do nothing there."""
    step = part.step
    keys = IDLE.get(step.kind, ())
    if isinstance(step, RepeatStep) and step.over is not None:
        keys = (*keys, *GIVEN_ROWS)
    for key in keys:
        if (*part.path, key) in tree.keys:
            message = say("ключ «{key}» у «{kind}» ничего не делает", key=key, kind=step.kind)
            yield Finding(tree.key((*part.path, key)), "F418", message, _remedy(key))


def _remedy(key: str) -> str:
    if key in LOOKED_AT:
        return "положите вопросы в группу: её «check», «confirm» и «warn» — после последнего"
    if key == "unit":
        return "у целого числа нет единицы: уберите «unit:» или напишите «number:»"
    return "уберите его"


RULE = Rule(
    "F418",
    "ключ ничего не делает",
    find,
    (
        Example(
            FLOW,
            "  - text: reason_text\n    when: weight > 10\n",
            "  - value: double\n    is: weight * 2\n"
            "    check: [{that: double < 9000, say: Много}]\n"
            "  - text: reason_text\n    when: double > 10\n",
            "  - value: double\n    is: weight * 2\n  - text: reason_text\n    when: double > 10\n",
            "check",
            "в группу",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - integer: tags\n    unit: kg\n",
            "  - number: tags\n    unit: kg\n",
            "unit",
            "number",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            rows("    add: Ещё\n    skip: true\n"),
            rows("    add: Ещё\n"),
            "skip",
            "уберите",
        ),
    ),
    "Проверка, которой нет, пропустит всё, а кнопки, которой нет, никто не нажмёт.",
)
