"""F501: a role that project.yaml does not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW, LIFE, LOAD, MENU, PROJECT, REPORT, when
from engine.check.roles import Takes, is_field, is_known, named_roles
from engine.check.rule import Example, Rule
from engine.check.subject import Subject, of_expressions
from engine.errors import Finding, say
from engine.expressions.suggest import hint

_of_expressions = of_expressions("F501")


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every role that is named; crews and persons are no roles where they may stand. In an
    expression a role is a text that a fact takes."""
    project = subject.project
    roles = project.project.roles
    records = {life.tree.file: life.record for life in project.lives.values()}
    for takes, tree, path, word in named_roles(project):
        record = records.get(tree.file, "")
        if is_known(project, takes, word, record):
            continue
        message = say("нет роли «{role}»", role=word)
        remedy = hint(word, roles, "роли")
        if takes is Takes.RECEIVER and is_field(project, word, record):
            remedy = say("человек из поля — «{record}.{word}»", record=record, word=word)
        yield Finding(tree.place(path), "F501", message, remedy)
    yield from _wanted(subject)
    yield from _of_expressions(subject)


def _wanted(subject: Subject) -> Iterator[Finding]:
    """Compare the roles that the program asks for by itself with those of project.yaml."""
    tree = subject.project.tree("project")
    roles = subject.project.project.roles
    for role in subject.project.vocabulary.roles:
        if role not in roles:
            message = say("программе нужна роль «{role}»", role=role)
            yield Finding(tree.key(("roles",)), "F501", message, hint(role, roles, "роли"))


RULE = Rule(
    "F501",
    "нет такой роли",
    find,
    (
        Example(
            PROJECT,
            "  guard: Сторож\n",
            "  gaurd: Сторож\n",
            "  guard: Старший сторож\n",
            "roles",
            "gaurd",
        ),
        Example(
            FLOW,
            "roles: [porter]",
            "roles: [porter, foremna]",
            "roles: [porter, foreman]",
            "foremna",
            "foreman",
        ),
        Example(
            LIFE,
            "owner: porter",
            "owner: portre",
            "owner: foreman",
            "portre",
            "porter",
        ),
        Example(
            LOAD,
            "notify: foreman",
            "notify: made_by",
            "notify: load.made_by",
            "made_by",
            "load.made_by",
        ),
        when("has_role(actor, 'foremna')", "has_role(actor, 'foreman')", "'foremna'", "«foreman»"),
        Example(
            MENU,
            "roles: [porter]}",
            "roles: [porter], when: held_by('portre') > 0}",
            "roles: [porter], when: held_by('porter') > 0}",
            "'portre'",
            "«porter»",
        ),
        Example(
            REPORT,
            "    where: it.weight > least\n",
            "    where: it.weight > least and held_by('gaurd') > 0\n",
            "    where: it.weight > least and held_by('guard') > 0\n",
            "'gaurd'",
            "«guard»",
        ),
    ),
    "Роли с таким именем ни у кого нет: форму никто не начнёт, сообщение никто не получит.",
)
