"""F706: a layout that asks a field for what it is not: a field of a record that is not there, rows
of what is no list, the digits of a text."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import DOCUMENT
from engine.check.layouts import LAYOUT, Layout, layouts
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.expressions.types import (
    Choice,
    Date,
    Integer,
    ListOf,
    Moment,
    Number,
    Record,
    Type,
    bare,
    title,
)

EACH = "[]"
FILTERS: dict[str, tuple[type[Type], ...]] = {
    "number": (Number,),
    "digits": (Integer,),
    "day": (Date, Moment),
}


def find(subject: Subject) -> Iterator[Finding]:
    """Follow every path of every layout through the types of its fields."""
    for layout in layouts(subject.project):
        found: set[tuple[str, str]] = set()
        for one in layout.asked:
            said = one.said
            root = said.path.replace(EACH, "").split(".")[0] if said else ""
            kind = layout.types.get(root)
            if said is None or kind is None:
                continue
            for message, remedy in _walk(layout, kind, said.path):
                key = root, str(message)
                if key not in found:
                    found.add(key)
                    yield _finding(layout, root, message, remedy, one.where)
            end = _end(layout, kind, said.path)
            trouble = _use(end, said.looped, said.compared, said.filters) if end else None
            if trouble and (root, trouble[0]) not in found:
                found.add((root, trouble[0]))
                yield _finding(layout, root, *trouble, one.where)


def _finding(layout: Layout, root: str, message: str, remedy: str, where: str) -> Finding:
    whole = say(
        "{layout}: {message} (рядом: «{where}»)", layout=LAYOUT, message=message, where=where
    )
    place = layout.tree.key(("fields", root))
    return Finding(place, "F706", whole, remedy)


def _steps(path: str) -> list[str]:
    """Return the parts of a path: names, and `[]` for a row of a list."""
    return path.replace(EACH, f".{EACH}").split(".")[1:]


def _walk(layout: Layout, kind: Type, path: str) -> Iterator[tuple[str, str]]:
    """Give what is wrong on the way along a path."""
    for step in _steps(path):
        plain = bare(kind)
        after = _next(layout, plain, step)
        if after is not None:
            kind = after
            continue
        if step == EACH:
            message = say("строк здесь нет: «{path}» — {kind}", path=_told(path), kind=title(plain))
            yield message, "цикл бывает только по списку"
        elif isinstance(plain, Record):
            fields = layout.names.scope.records.get(plain.kind, {})
            yield say("у записи нет поля «{field}»", field=step), hint(step, fields, "поля")
        elif isinstance(plain, ListOf):
            message = say("«{path}» — поле списка, а не строки", path=_told(path))
            yield message, "обойдите список: {% for row in … %}"
        else:
            message = say("у «{kind}» нет поля «{field}»", kind=title(plain), field=step)
            yield message, "поля есть только у записей"
        return


def _told(path: str) -> str:
    return path.replace(EACH, "")


def _next(layout: Layout, kind: Type, step: str) -> Type | None:
    if step == EACH:
        return bare(kind.item) if isinstance(kind, ListOf) else None
    fields = layout.names.scope.records.get(kind.kind, {}) if isinstance(kind, Record) else {}
    return fields.get(step)


def _end(layout: Layout, kind: Type, path: str) -> Type | None:
    for step in _steps(path):
        after = _next(layout, bare(kind), step)
        if after is None:
            return None
        kind = after
    return bare(kind)


def _use(
    kind: Type, looped: bool, compared: bool, filters: tuple[str, ...]
) -> tuple[str, str] | None:
    """Return what is wrong with what is done to a value, with the remedy."""
    rows = isinstance(kind, ListOf) and isinstance(bare(kind.item), Record)
    if looped and not isinstance(kind, ListOf):
        message = say("цикл идёт не по списку: это {kind}", kind=title(kind))
        return message, "дайте полю список записей"
    if rows and not looped:
        return "список печатается без цикла", "обойдите его: {% for row in … %}"
    if compared and isinstance(kind, Choice | Record | ListOf):
        message = say("в макете не сравнить: это {kind}", kind=title(kind))
        return message, "сравните в document.yaml: там известны варианты"
    for name in filters:
        fitting = FILTERS.get(name)
        if fitting is not None and not isinstance(kind, fitting):
            message = say("фильтр «{name}» не для этого: это {kind}", name=name, kind=title(kind))
            return message, "уберите фильтр из макета"
    return None


RULE = Rule(
    "F706",
    "макет документа ждёт от поля другого",
    find,
    (
        Example(DOCUMENT, "parts: parts", "parts: number", "parts:  parts", "parts", "список"),
        Example(
            DOCUMENT, "weight: weight", "weight: number", "weight: weight * 2", "weight", "фильтр"
        ),
        Example(
            DOCUMENT, "company: company", "company: number", "company:  company", "company", "поля"
        ),
    ),
    "На бумаге остался бы прочерк там, где ждали значение.",
)
