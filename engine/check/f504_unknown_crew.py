"""F504: a crew that project.yaml does not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LOAD
from engine.check.roles import named_roles
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.run.around import crew_named


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every crew that is named."""
    crews = subject.project.project.crews
    for _, tree, path, word in named_roles(subject.project):
        crew = crew_named(word)
        if crew is not None and crew not in crews:
            message = say("нет бригады «{crew}»", crew=crew)
            yield Finding(tree.place(path), "F504", message, hint(crew, crews, "бригады"))


RULE = Rule(
    "F504",
    "нет такой бригады",
    find,
    (
        Example(
            LOAD,
            "owner: crew(loaders)",
            "owner: crew(loaderz)",
            "owner: foreman",
            "crew(loaderz)",
            "loaders",
        ),
    ),
    "Задачи этой бригады не получил бы никто.",
)
