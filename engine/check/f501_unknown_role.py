"""F501: a role that project.yaml does not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW, LIFE
from engine.check.roles import named_roles
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every role that is named."""
    roles = subject.project.project.roles
    for tree, path, role in named_roles(subject.project):
        if role not in roles:
            yield Finding(
                tree.place(path),
                "F501",
                say("нет роли «{role}»", role=role),
                hint(role, roles, "роли"),
            )


RULE = Rule(
    "F501",
    "нет такой роли",
    find,
    (
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
