"""F412: `again:` that names no earlier question of its scope."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.forms import Steps
from engine.load.sketch import FlowSketch
from engine.load.tree import Path
from engine.steps.base import Step
from engine.steps.group import GroupStep
from engine.steps.options import OptionsStep


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every `again:` among what was asked before it."""
    for sketch in subject.project.sketches.values():
        yield from _of(sketch, sketch.parts, [])


def _of(sketch: FlowSketch, steps: Steps, before: list[str]) -> Iterator[Finding]:
    """Walk steps; `before` are the names asked so far in their scope, and of open groups."""
    for part in steps.parts:
        step = part.step
        if isinstance(step, GroupStep):
            before.append(step.name)
            yield from _of(sketch, part.within, before)
        elif part.within.parts:
            yield from _of(sketch, part.within, [])
        for path, again in _named(part.path, step):
            known = [*before, *((step.name,) if not isinstance(step, OptionsStep) else ())]
            if again not in known and again not in sketch.lost:
                message = say("«{again}» здесь ещё не спрашивали", again=again)
                yield Finding(
                    sketch.tree.place(path), "F412", message, hint(again, known, "раньше спрошены")
                )
        if step.asks and step.kind not in ("review", "show", "wait"):
            before.append(step.name)


def _named(path: Path, step: Step) -> Iterator[tuple[Path, str]]:
    for at, check in enumerate(step.check):
        if check.again:
            yield (*path, "check", at, "again"), check.again
    if isinstance(step, OptionsStep):
        for code, form in step.options.items():
            if form.again:
                yield (*path, "options", code, "again"), form.again


RULE = Rule(
    "F412",
    "вернуться некуда",
    find,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - integer: tags\n    check: [{that: tags > 0, say: Мало, again: wieght}]\n",
            "  - integer: tags\n    check: [{that: tags > 0, say: Мало, again: weight}]\n",
            "wieght",
            "weight",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - choice: sure\n    options: {ok: Да, fix: {title: Исправить, again: tags}}\n"
            "    prompt: Верно?\n  - integer: tags\n",
            "  - choice: sure\n    options: {ok: Да, fix: {title: Исправить, again: weight}}\n"
            "    prompt: Верно?\n  - integer: tags\n",
            "tags}",
            "раньше спрошены",
        ),
    ),
    "Форма ходит только назад: вопрос, которого ещё не было, заново не задать.",
)
