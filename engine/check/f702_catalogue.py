"""F702: a catalogue that is not there, or a new row of another kind than its rows."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.steps.pick import PickStep


def find(subject: Subject) -> Iterator[Finding]:
    """Look up the catalogue of every pick."""
    catalogues = subject.project.vocabulary.catalogues
    for sketch in subject.project.sketches.values():
        for path, step in sketch.steps:
            if not isinstance(step, PickStep):
                continue
            if step.from_ not in catalogues:
                place, message = (
                    sketch.tree.place((*path, "from")),
                    say("нет справочника «{from_}»", from_=step.from_),
                )
                yield Finding(place, "F702", message, hint(step.from_, catalogues, "справочники"))
            elif step.add and step.add != catalogues[step.from_]:
                place = sketch.tree.place((*path, "add"))
                message = say(
                    "в справочник «{from_}» не добавить «{add}»", from_=step.from_, add=step.add
                )
                remedy = say(
                    "здесь может быть только «{catalogues}»", catalogues=catalogues[step.from_]
                )
                yield Finding(place, "F702", message, remedy)


RULE = Rule(
    "F702",
    "нет такого справочника",
    find,
    (
        Example(
            FLOW, "from: companies", "from: companys", "from:  companies", "companys", "companies"
        ),
        Example(
            FLOW,
            "from: companies\n",
            "from: companies\n    add: batch\n",
            "from: companies\n    add: company\n",
            "batch",
            "company",
        ),
    ),
    "Выбирать было бы не из чего.",
)
