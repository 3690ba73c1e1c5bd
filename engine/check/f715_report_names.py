"""F715: a column or a parameter that a report names and does not have, or has twice; groups and
pivots that cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import REPORT
from engine.check.reports import Block, blocks
from engine.check.rule import Example, Rule
from engine.check.scope import read
from engine.check.subject import Subject, of_expressions
from engine.documents.reports import ROW, column_type
from engine.errors import Finding, say
from engine.expressions.parse import names
from engine.expressions.suggest import hint
from engine.expressions.types import Choice, bare
from engine.load.tree import Path
from engine.schema.report import ColumnForm

_of_types = of_expressions("F715")


def find(subject: Subject) -> Iterator[Finding]:
    """Look up what blocks name; the types of filters are found with the expressions."""
    for one in blocks(subject.project):
        yield from _filters(one)
        yield from _twice(one)
        yield from _group(one)
        if one.form.pivot is not None:
            yield from _row(one, (*one.path, "pivot", "by"), one.form.pivot.by)
    yield from _of_types(subject)


def _filters(one: Block) -> Iterator[Finding]:
    for name in one.form.filters:
        if name not in one.report.params:
            message = say("у отчёта нет параметра «{name}»", name=name)
            remedy = hint(name, one.report.params, "параметры") or "назовите его в «params:»"
            yield Finding(one.tree.key((*one.path, "filters", name)), "F715", message, remedy)


def _twice(one: Block) -> Iterator[Finding]:
    names_, titles = set[str](), set[str]()
    for path, column, _ in one.columns():
        if column.name and column.name in names_:
            message = say("имя «{name}» уже есть у другого столбца", name=column.name)
            yield Finding(one.tree.place((*path, "name")), "F715", message, "дайте другое имя")
        elif one.report.plain and column.title in titles:
            message = say("заголовок «{title}» уже есть у другого столбца", title=column.title)
            place = one.tree.place((*path, "title"))
            yield Finding(place, "F715", message, "дайте другой заголовок")
        names_.add(column.name)
        titles.add(column.title)


def _group(one: Block) -> Iterator[Finding]:
    group, path = one.form.group, (*one.path, "group")
    if group is None:
        return
    known = [column.name for column in one.form.columns if column.name]
    for at, name in enumerate(group.columns):
        if name not in known:
            message = say("нет столбца с именем «{name}»", name=name)
            remedy = hint(name, known, "имена") or "дайте столбцу «name:»"
            yield Finding(one.tree.place((*path, "columns", at)), "F715", message, remedy)
    yield from _row(one, (*path, "by"), group.by)
    kind = column_type(ColumnForm(title="", value=group.by), one.rows, {}) if one.rows else None
    options = bare(kind) if kind else None
    if isinstance(options, Choice) and options.options:
        for code in group.titles:
            if code not in options.options:
                message = say("нет такого варианта: «{code}»", code=code)
                place = one.tree.key((*path, "titles", code))
                yield Finding(place, "F715", message, hint(code, options.options))


def _row(one: Block, path: Path, text: str) -> Iterator[Finding]:
    """Refuse groups and columns by what is the same in every row."""
    node = read(text)
    if node is not None and ROW not in names(node):
        message = "это одно и то же во всех строках"
        yield Finding(one.tree.place(path), "F715", message, "назовите поле строки: it.…")


RULE = Rule(
    "F715",
    "отчёт называет то, чего в нём нет",
    find,
    (
        Example(
            REPORT,
            "filters: {company: it.company}",
            "filters: {compny: it.company}",
            "filters: {company: it.company }",
            "compny",
            "company",
        ),
        Example(
            REPORT,
            "columns: [number]",
            "columns: [numbr]",
            "columns: [number, kg]",
            "numbr",
            "number",
        ),
        Example(
            REPORT,
            "{title: Вдвое,",
            "{title: Вдвое, name: number,",
            "{title: Вдвое, name: double,",
            "number",
            "имя",
        ),
        Example(
            REPORT,
            "pivot: {by: it.company,",
            "pivot: {by: least,",
            "pivot: {by: it.number,",
            "least",
            "it.",
        ),
    ),
    "Отбор не отбирал бы, а группы и столбцы не получились бы.",
)
