"""F702: a catalogue that is not there, a fact that answers no list, a new row of another kind."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject, of_expressions
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.steps.pick import PickStep
from engine.steps.sources import RowsStep

_of_types = of_expressions("F702")


def find(subject: Subject) -> Iterator[Finding]:
    """Look up the catalogue of every pick."""
    catalogues = subject.project.vocabulary.catalogues
    facts = subject.project.vocabulary.facts
    for sketch in subject.project.sketches.values():
        for path, step in sketch.steps:
            if not isinstance(step, RowsStep) or step.is_fact or not step.from_:
                continue
            if step.from_ not in catalogues:
                place, message = (
                    sketch.tree.place((*path, "from")),
                    say("нет справочника «{from_}»", from_=step.from_),
                )
                remedy = hint(step.from_, catalogues, "справочники")
                if step.from_ in facts:
                    message = say("«{from_}» — факт, а не справочник", from_=step.from_)
                    remedy = say("факт спрашивают со скобками: {from_}()", from_=step.from_)
                yield Finding(place, "F702", message, remedy)
            elif isinstance(step, PickStep) and step.add not in ("", catalogues[step.from_]):
                place = sketch.tree.place((*path, "add"))
                message = say(
                    "в справочник «{from_}» не добавить «{add}»", from_=step.from_, add=step.add
                )
                remedy = say(
                    "здесь может быть только «{catalogues}»", catalogues=catalogues[step.from_]
                )
                yield Finding(place, "F702", message, remedy)
    yield from _of_types(subject)


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
        Example(FLOW, "from: companies", "from: parts", "from:  companies", "parts", "parts()"),
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - pick: top\n    from: heaviest()\n    prompt: Какая\n  - integer: tags\n",
            "  - pick: top\n    from: parts('1')\n    prompt: Какая\n  - integer: tags\n",
            "heaviest()",
            "список",
        ),
    ),
    "Выбирать было бы не из чего.",
)
