"""F613: a record or a field that is not there; two lifecycles that would move one field."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LOAD
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.project import Project
from engine.load.sketch import LifecycleSketch


def find(subject: Subject) -> Iterator[Finding]:
    """Look up the record and the fields of every lifecycle."""
    project = subject.project
    moved: dict[tuple[str, str], str] = {}
    for name, life in project.lives.items():
        yield from _of(project, life)
        other = moved.setdefault((life.record, life.field), name)
        if other != name:
            message = say(
                "поле «{field}» записи «{record}» уже меняет «{other}»",
                field=life.field,
                record=life.record,
                other=other,
            )
            place = life.tree.place(("record",))
            yield Finding(place, "F613", message, "дайте второму циклу своё «field:»")
    yield from _twice(project)


def _of(project: Project, life: LifecycleSketch) -> Iterator[Finding]:
    records = project.vocabulary.records
    if life.record not in records:
        message = say("нет записи «{record}»", record=life.record)
        place = life.tree.place(("record",))
        yield Finding(place, "F613", message, hint(life.record, records, "записи"))
        return
    fields = records[life.record]
    if life.tree.at(("field",)) is not None and life.field not in fields:
        yield _no_field(life, ("field",), life.field, fields)
    for _, path, form in life.transitions:
        for key in ("set", "choose"):
            for name in getattr(form, key):
                if name not in fields:
                    message = say("у записи «{record}» нет поля «{field}»", record=life.record,
                                  field=name)  # fmt: skip
                    place = life.tree.key((*path, key, name))
                    yield Finding(place, "F613", message, hint(name, fields, "поля"))


def _no_field(life: LifecycleSketch, path: tuple[str, ...], name: str, fields: object) -> Finding:
    message = say("у записи «{record}» нет поля «{field}»", record=life.record, field=name)
    listed = list(fields) if isinstance(fields, dict) else []
    return Finding(life.tree.place(path), "F613", message, hint(name, listed, "поля"))


def _twice(project: Project) -> Iterator[Finding]:
    """Give the transitions of one name in two lifecycles of a record: `fire` could not tell."""
    seen: dict[tuple[str, str], str] = {}
    for owner, life in project.lives.items():
        for name in dict.fromkeys(name for name, _, _ in life.transitions):
            other = seen.setdefault((life.record, name), owner)
            if other != owner:
                message = say("переход «{name}» уже есть в «{other}»", name=name, other=other)
                place = life.tree.key(("transitions", name))
                yield Finding(place, "F613", message, "дайте ему другое имя")


RULE = Rule(
    "F613",
    "нет такой записи или поля",
    find,
    (
        Example(LOAD, "set: {kg: 5}", "set: {kgs: 5}", "set: {kg: 7}", "kgs", "kg"),
        Example(
            LOAD,
            "record: load\n",
            "record: load\nfield: stat\n",
            "record: load\nfield: state\n",
            "stat",
            "state",
        ),
    ),
    "Запись такого вида не ходила бы по этим состояниям.",
)
