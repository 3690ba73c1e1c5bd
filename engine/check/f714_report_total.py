"""F714: a total or a formula that Excel could not compute."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import REPORT
from engine.check.reports import Block, blocks
from engine.check.rule import Example, Rule
from engine.check.scope import read
from engine.check.subject import Subject, of_expressions
from engine.documents.formula import problem
from engine.errors import Finding, say
from engine.expressions.types import Number, bare, title
from engine.load.tree import Path
from engine.schema.report import COUNT, SUM

_of_types = of_expressions("F714")


def find(subject: Subject) -> Iterator[Finding]:
    """Look at every total and formula; their types are found with the expressions."""
    for one in blocks(subject.project):
        for path, column, kind in one.columns():
            if column.formula is not None:
                yield from _formula(one, (*path, "formula"), column.formula)
            if column.total == SUM and kind is not None and not isinstance(bare(kind), Number):
                message = say("сложить можно только числа, а здесь {kind}", kind=title(kind))
                remedy = "посчитать строки можно: «total: count»"
                yield Finding(one.tree.place((*path, "total")), "F714", message, remedy)
            if column.total not in ("", SUM, COUNT):
                yield from _formula(one, (*path, "total"), column.total)
    yield from _of_types(subject)


def _formula(one: Block, path: Path, text: str) -> Iterator[Finding]:
    node = read(text)
    part = problem(node) if node else None
    if node is not None and part is not None:
        place = one.tree.inside(path, node.offset(part), node.width(part))
        message = say("в формуле Excel этого нет: «{part}»", part=node.source(part))
        remedy = (
            "есть имена столбцов, числа, + - * /, сравнения, if … else, abs, round, min, max, sum"
        )
        yield Finding(place, "F714", message, remedy)


RULE = Rule(
    "F714",
    "итог или формула отчёта не считается",
    find,
    (
        Example(
            REPORT,
            "value: it.number, total: count",
            "value: it.number, total: sum",
            "value: it.number, total:  count",
            "sum",
            "count",
        ),
        Example(
            REPORT,
            "formula: kg * 2, format: 0.0 kg, total: kg * 2",
            "formula: kg * 2, format: 0.0 kg, total: floor(kg)",
            "formula: kg * 2, format: 0.0 kg, total: round(kg)",
            "floor(kg)",
            "round",
        ),
    ),
    "В ячейке стояла бы ошибка вместо числа.",
)
