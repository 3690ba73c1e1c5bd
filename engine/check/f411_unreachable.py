"""F411: a condition that what is known there already decides: what it guards never or always is."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW, when
from engine.check.rule import Example, Rule
from engine.check.scope import read
from engine.check.subject import Subject
from engine.check.use import Use
from engine.errors import Finding
from engine.expressions.check import infer
from engine.expressions.implied import held, implies
from engine.expressions.parse import names
from engine.expressions.types import Truth


def find(subject: Subject) -> Iterator[Finding]:
    """Look at every condition of the flows, with what holds where it stands."""
    files = {sketch.tree.file for sketch in subject.project.sketches.values()}
    for use in subject.uses:
        if use.tree.file in files and isinstance(use.wanted, Truth) and not use.holes:
            yield from _of(use)


def _of(use: Use) -> Iterator[Finding]:
    node, scope = read(use.text), use.names.scope
    if node is None or not use.names.unknown.isdisjoint(names(node)) or infer(node, scope)[1]:
        return
    place = use.tree.place(use.path)
    now = held(scope, node.tree)
    never = any(not codes for codes in now.options.values())
    if never or implies(scope, node.tree, holds=False):
        remedy = "сравните с условиями шага и группы, в которых это стоит"
        yield Finding(place, "F411", "условие здесь не выполнится никогда", remedy)
    elif implies(scope, node.tree):
        remedy = "уберите его: это уже известно из условий шага или всегда задано"
        yield Finding(place, "F411", "условие здесь выполнено всегда", remedy)


RULE = Rule(
    "F411",
    "условие решено заранее",
    find,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - group: more\n    when: condition == frozen\n    steps:\n"
            "      - integer: pieces\n        when: condition == chilled\n"
            "        prompt: Кусков\n  - integer: tags\n",
            "  - group: more\n    when: condition == frozen\n    steps:\n"
            "      - integer: pieces\n        when: weight > 5\n"
            "        prompt: Кусков\n  - integer: tags\n",
            "condition == chilled",
            "шага и группы",
        ),
        when("is_set(weight)", "is_set(docs)", "is_set(weight)", "всегда задано"),
    ),
    "Вопрос не задали бы никогда, или условие ничего не решает: скорее всего, в нём описка.",
)
