"""F205: a text that Telegram shows as it is written, and not when its holes are filled with the
longest answers that the questions take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.check.example import FLOW
from engine.check.f201_too_long import TEXT
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.template import Hole, parse_template
from engine.load.sketch import FlowSketch
from engine.steps.base import Step
from engine.steps.text import TextStep

MOST = 4096  # characters of a message
USUAL = 60  # of a number, a date, a title, a name


def find(subject: Subject) -> Iterator[Finding]:
    """Fill the holes of every text of a flow with the longest answers."""
    sketches = subject.project.sketches.values()
    longest = {sketch.tree.file: dict(_longest(sketch)) for sketch in sketches}
    for use in subject.uses:
        if use.holes and use.tree.file in longest and len(use.text) <= TEXT:
            filled = _filled(use.text, longest[use.tree.file])
            if filled > MOST:
                message = say("с самыми длинными ответами здесь {count} знаков", count=filled)
                remedy = say("Telegram покажет {most}: сократите «length:» вопросов", most=MOST)
                yield Finding(use.tree.place(use.path), "F205", message, remedy)


def _longest(sketch: FlowSketch) -> Iterator[tuple[str, int]]:
    for _, step in sketch.steps:
        yield step.name, _characters(step)


def _characters(step: Step) -> int:
    if isinstance(step, TextStep):
        most = str(step.length[1])
        return int(most) if most.isdecimal() else USUAL
    other = getattr(step, "other", None)
    bounds = getattr(other, "text", None)
    return max(USUAL, bounds[1]) if bounds else USUAL


def _filled(text: str, longest: Mapping[str, int]) -> int:
    try:
        parts = parse_template(text).parts
    except ValueError:
        return 0
    return sum(_length(part, longest) for part in parts)


def _length(part: str | Hole, longest: Mapping[str, int]) -> int:
    if isinstance(part, str):
        return len(part)
    return part.longest if part.forms else longest.get(part.source.strip(), USUAL)


RULE = Rule(
    "F205",
    "текст слишком длинный с самыми длинными ответами",
    find,
    (
        Example(
            FLOW,
            '    length: [2, 100]\n    prompt: "Почему {weight}?"\n  - integer: tags\n'
            "    range: [0, 99]\n    prompt: Бирок\n",
            '    length: [2, 4000]\n    prompt: "Почему {weight}?"\n  - integer: tags\n'
            '    range: [0, 99]\n    prompt: "Бирок? Причина: {reason_text}, ещё раз: {weight},'
            ' {weight}"\n',
            '    length: [2, 500]\n    prompt: "Почему {weight}?"\n  - integer: tags\n'
            '    range: [0, 99]\n    prompt: "Бирок? Причина: {reason_text}"\n',
            '"Бирок?',
            "length",
        ),
    ),
    "Сообщение не ушло бы как раз тогда, когда рабочий написал подробно.",
)
