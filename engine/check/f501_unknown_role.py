"""F501: a role that project.yaml does not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW, LIFE, PROJECT
from engine.check.roles import is_person, named_roles
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.run.around import crew_named
from engine.schema.lifecycle import SYSTEM


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every role that is named; crews and fields that are persons are no roles."""
    project = subject.project
    roles = project.project.roles
    records = {life.tree.file: life.record for life in project.lives.values()}
    for tree, path, word in named_roles(project):
        known = word in roles or word == SYSTEM or crew_named(word) is not None
        if known or is_person(project, word, records.get(tree.file, "")):
            continue
        message = say("нет роли «{role}»", role=word)
        yield Finding(tree.place(path), "F501", message, hint(word, roles, "роли"))
    yield from _unknown_to_the_program(subject)


def _unknown_to_the_program(subject: Subject) -> Iterator[Finding]:
    """Give the roles of project.yaml that the program does not have: nobody could hold them."""
    known = subject.project.vocabulary.roles
    tree = subject.project.tree("project")
    for role in subject.project.project.roles:
        if known and role not in known:
            message = say("роли «{role}» в программе нет", role=role)
            yield Finding(tree.key(("roles", role)), "F501", message, hint(role, known, "роли"))


RULE = Rule(
    "F501",
    "нет такой роли",
    find,
    (
        Example(
            PROJECT,
            "  technologist: Технолог\n",
            "  technologist: Технолог\n  tecnologist: Помощник\n",
            "  technologist: Главный технолог\n",
            "tecnologist",
            "technologist",
        ),
        Example(
            FLOW,
            "roles: [receiver]",
            "roles: [receiver, tecnologist]",
            "roles: [receiver, technologist]",
            "tecnologist",
            "technologist",
        ),
        Example(
            LIFE,
            "owner: receiver",
            "owner: reciever",
            "owner: technologist",
            "reciever",
            "receiver",
        ),
    ),
    "Роли с таким именем ни у кого нет: форму никто не начнёт, сообщение никто не получит.",
)
