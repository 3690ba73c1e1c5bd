"""F604: a transition that the lifecycle of the record does not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW, LOAD
from engine.check.fires import Fire, fires_of, lives_of
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.expressions.types import Record, Type, bare, title
from engine.load.project import Project


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every transition that is fired; its record is known by the type of `on`."""
    for one in fires_of(subject):
        if one.found is not None:
            yield from _of(subject.project, one, one.found)


def _of(project: Project, one: Fire, found: Type) -> Iterator[Finding]:
    where = one.tree.place((*one.path, one.key if one.key == "fire" else int(one.key)))
    if not isinstance(bare(found), Record):
        message = say("переход делают с записью, а это: {found}", found=title(found))
        record = one.tree.place((*one.path, "on"))
        yield Finding(record, "F604", message, "назовите результат «as:» или поле pick")
        return
    lives = lives_of(project, one.kind)
    if any(not life.whole for life in lives) or _has_unread(project):
        return  # a record may have several lifecycles
    known = list(dict.fromkeys(name for life in lives for name, _, _ in life.transitions))
    if not lives:
        message = say("у записи «{kind}» нет жизненного цикла", kind=one.kind)
        remedy = say("создайте lifecycles/{kind}.yaml или уберите «fire»", kind=one.kind)
        yield Finding(where, "F604", message, remedy)
    elif one.transition not in known:
        message = say("у записи «{kind}» нет перехода «{fire}»", kind=one.kind, fire=one.transition)
        yield Finding(where, "F604", message, hint(one.transition, known, "переходы"))


def _has_unread(project: Project) -> bool:
    """Tell whether nothing could be read of some lifecycle."""
    return any(kind == "lifecycle" and name not in project.lives for kind, name in project.broken)


RULE = Rule(
    "F604",
    "нет такого перехода",
    find,
    (
        Example(FLOW, "fire: accept", "fire: acept", "fire: close", "acept", "accept"),
        Example(FLOW, "on: taken", "on: weight", "on:  taken", "weight", "as:"),
        Example(
            LOAD,
            '[{notify: foreman, text: "Погрузка {number} ждёт"}]',
            "[{fire: finnish, on: load}]",
            "[{fire: finish, on: load}]",
            "finnish",
            "finish",
        ),
    ),
    "Перехода с таким именем нет: сохранение формы отказало бы в самом конце.",
)
