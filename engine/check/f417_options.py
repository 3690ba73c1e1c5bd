"""F417: a choice of which nothing may be left, since every option has a condition, or that is none,
since it has one option."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.flow_names import StepNames
from engine.check.rule import Example, Rule
from engine.check.scope import read
from engine.check.subject import Subject
from engine.errors import Finding
from engine.steps.choice import ChoiceStep
from engine.steps.options import OptionsStep


def find(subject: Subject) -> Iterator[Finding]:
    """Look at every choice whose options all have conditions."""
    for sketch in subject.project.sketches.values():
        for one in subject.scopes.of(sketch).steps:
            if isinstance(one.step, OptionsStep) and _may_be_empty(one, one.step):
                place = sketch.tree.key((*one.path, "options"))
                remedy = "дайте одному варианту быть всегда, или условия, из которых одно верно"
                yield Finding(place, "F417", "может не остаться ни одного варианта", remedy)
            elif isinstance(one.step, ChoiceStep) and _is_none(one.step):
                place = sketch.tree.key((*one.path, "options"))
                remedy = "допишите варианты; если отвечать нечего, есть «show:» и «yes_no:»"
                yield Finding(place, "F417", "вариант один: выбирать не из чего", remedy)


def _is_none(step: ChoiceStep) -> bool:
    return len(step.options) == 1 and step.other is None and not step.skip


def _may_be_empty(one: StepNames, step: OptionsStep) -> bool:
    if step.skip is True or (isinstance(step, ChoiceStep) and step.other is not None):
        return False
    conditions = [form.when for form in step.options.values()]
    names = one.held
    for text in conditions:
        if text is None or read(text) is None:
            return False
        names = names.holding(text, holds=False)
    scope = names.scope
    contradictory = any(not codes for codes in scope.options.values())
    opposite = any(f"not {said}" in scope.true for said in scope.true)
    return not contradictory and not opposite


RULE = Rule(
    "F417",
    "вариантов может не остаться",
    find,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - choice: box\n    options: {big: {title: Большая, when: weight > 5}}\n"
            "    prompt: Тара\n  - integer: tags\n",
            "  - choice: box\n    options:\n"
            "      big: {title: Большая, when: condition == frozen}\n"
            "      small: {title: Малая, when: condition == chilled}\n"
            "    prompt: Тара\n  - integer: tags\n",
            "options",
            "варианту",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - choice: box\n    options: {big: Большая}\n    prompt: Тара\n  - integer: tags\n",
            "  - choice: box\n    options: {big: Большая, small: Малая}\n    prompt: Тара\n"
            "  - integer: tags\n",
            "options",
            "допишите",
        ),
    ),
    "Рабочий увидел бы вопрос без единой кнопки.",
)
