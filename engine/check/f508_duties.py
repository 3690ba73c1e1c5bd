"""F508: a duty that the program knows and project.yaml gives to nobody, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import PROJECT
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the duties of project.yaml with those of the vocabulary."""
    known = subject.project.vocabulary.duties
    given = subject.project.project.duties
    tree = subject.project.tree("project")
    for duty, roles in given.items():
        if duty not in known:
            message = say("обязанности «{duty}» в программе нет", duty=duty)
            yield Finding(tree.key(("duties", duty)), "F508", message, hint(duty, known, "есть"))
        elif not roles:
            message = say("обязанность «{duty}» никому не дана", duty=duty)
            yield Finding(tree.key(("duties", duty)), "F508", message, REMEDY)
    missing = [duty for duty in known if duty not in given]
    if missing and not any(duty not in known for duty in given):  # else a slip explains it
        where = tree.key(("duties",) if "duties" in tree.data else ("roles",))
        names = ", ".join(missing)
        yield Finding(
            where, "F508", say("никому не даны обязанности: {names}", names=names), REMEDY
        )


REMEDY = "напишите в duties, какие роли это делают"
RULE = Rule(
    "F508",
    "обязанность никому не дана",
    find,
    (
        Example(
            PROJECT,
            "duties: {forms: [foreman]}\n",
            "duties: {froms: [foreman]}\n",
            "duties: {forms: [porter]}\n",
            "froms",
            "forms",
        ),
        Example(
            PROJECT,
            "duties: {forms: [foreman]}\n",
            "duties: {forms: []}\n",
            "duties: {forms: [foreman, porter]}\n",
            "forms",
            "напишите",
        ),
    ),
    "Об этом некому было бы сказать или некому было бы это сделать.",
)
