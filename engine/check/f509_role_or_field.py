"""F509: a word that says who and names two things: a role and a person of the record, or a role
and a word of the language."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.base import ACTOR
from engine.check.example import LOAD, PROJECT
from engine.check.roles import SAME, is_field, life_words
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.schema.lifecycle import SYSTEM

WORDS = (SYSTEM, ACTOR, SAME)


def find(subject: Subject) -> Iterator[Finding]:
    """Look at the words of the lifecycles' own keys, and at the names of the roles themselves: in
    an action a bare word is always the role."""
    project = subject.project
    roles = project.project.roles
    records = {life.tree.file: life.record for life in project.lives.values()}
    for tree, path, word in life_words(project):
        record = records.get(tree.file, "")
        if word in roles and is_field(project, word, record):
            message = say("«{word}» — и роль, и поле записи «{record}»", word=word, record=record)
            remedy = say(
                "здесь это роль; человек из поля — «{record}.{word}», а если нужна роль, "
                "переименуйте её в project.yaml",
                word=word,
                record=record,
            )
            yield Finding(tree.place(path), "F509", message, remedy)
    for word in WORDS:
        if word in roles:
            message = say("роль зовётся «{word}», а это слово языка форм", word=word)
            place = project.tree("project").key(("roles", word))
            yield Finding(place, "F509", message, "назовите роль иначе")


RULE = Rule(
    "F509",
    "одно имя у роли и у человека",
    find,
    (
        Example(
            LOAD,
            "    to: shipped\n    by: porter\n",
            "    to: shipped\n    by: guard\n",
            "    to: shipped\n    by: load.guard\n",
            "guard",
            "load.guard",
        ),
        Example(
            PROJECT,
            "  guard: Сторож\n",
            "  guard: Сторож\n  system: Система\n",
            "  guard: Сторож\n  office: Контора\n",
            "system",
            "иначе",
        ),
    ),
    "Право, задача или сообщение достались бы роли, а не человеку, или наоборот — и никто бы не "
    "заметил.",
)
