"""F106: a field or a name that is already taken. Names of files are found while they are read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say


def find(subject: Subject) -> Iterator[Finding]:
    """Give the second step of each name."""
    for sketch in subject.project.sketches.values():
        first: dict[str, int] = {}
        for path, step in sketch.steps:
            key = sketch.tree.place((*path, step.kind))
            if step.name in first and step.kind != "review":  # two reviews are another mistake
                message = say(
                    "поле «{name}» уже есть в строке {first}",
                    name=step.name,
                    first=first[step.name],
                )
                yield Finding(key, "F106", message, "дайте другое имя")
            first.setdefault(step.name, key.line)


RULE = Rule(
    "F106",
    "имя уже занято",
    find,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - integer: weight\n",
            "  - integer: labels\n",
            "weight",
            "другое имя",
        ),
    ),
    "Два ответа под одним именем стёрли бы друг друга, и сохранился бы только последний.",
)
