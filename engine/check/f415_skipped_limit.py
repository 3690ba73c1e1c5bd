"""F415: a limit that «Пропустить» goes round: what is not measured is never outside."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding
from engine.steps.base import LimitedStep


def find(subject: Subject) -> Iterator[Finding]:
    """Look at every question with a limit that may always be skipped.

    Where the plant does allow it, the author says so and why: `# flow: ignore F415 -- reason`."""
    for sketch in subject.project.sketches.values():
        for path, step in sketch.steps:
            if isinstance(step, LimitedStep) and step.limit is not None and step.skip is True:
                place = sketch.tree.key((*path, "skip"))
                message = "лимит можно обойти кнопкой «Пропустить»"
                remedy = (
                    "напишите условие: «skip: …», или скажите, почему можно: "
                    "# flow: ignore F415 -- причина"
                )
                yield Finding(place, "F415", message, remedy)


RULE = Rule(
    "F415",
    "лимит можно обойти",
    find,
    (
        Example(
            FLOW,
            "    limit: temperature(condition)\n",
            "    limit: temperature(condition)\n    skip: true\n",
            "    limit: temperature(condition)\n    skip: condition == chilled\n",
            "skip",
            "условие",
        ),
    ),
    "Кто не измерил, тот ничего не нарушил: отклонение осталось бы незамеченным.",
)
