"""F713: a format that is none, or that does not fit what a column holds."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import REPORT
from engine.check.reports import Block, blocks
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.documents.formats import EXAMPLES, fits_format, read_format
from engine.documents.reports import column_type
from engine.errors import Finding, say
from engine.expressions.types import Number, Type, bare, title
from engine.load.tree import Path
from engine.schema.report import ColumnForm


def find(subject: Subject) -> Iterator[Finding]:
    """Read every format and compare it with the type of its column."""
    for one in blocks(subject.project):
        for path, column, kind in one.columns():
            if column.format:
                yield from _format(one, (*path, "format"), column.format, kind)
        pivot = one.form.pivot
        if pivot is not None and pivot.format:
            cell = ColumnForm(title="", value=pivot.cell)
            kind = column_type(cell, one.rows, {}) if one.rows else None
            yield from _format(one, (*one.path, "pivot", "format"), pivot.format, kind)


def _format(one: Block, path: Path, text: str, kind: Type | None) -> Iterator[Finding]:
    place, read = one.tree.place(path), read_format(text)
    if read is None:
        message = say("нет такого вида числа или даты: «{format}»", format=text)
        remedy = say("виды: {examples}", examples=", ".join(EXAMPLES))
        yield Finding(place, "F713", message, remedy)
    elif kind is not None and not fits_format(text, kind):
        message = say("«{format}» не для этого: здесь {kind}", format=text, kind=title(kind))
        plain = bare(kind)
        remedy = "уберите «format:»: у текста его нет"
        if isinstance(plain, Number) and read.number:
            remedy = say("единица здесь {unit}", unit=plain.unit)
        elif isinstance(plain, Number):
            remedy = say("число пишут так: {example}", example="0.000")
        elif read.number or "mm" in text:
            remedy = _like(plain)
        yield Finding(place, "F713", message, remedy)


def _like(kind: Type) -> str:
    fitting = [example for example in EXAMPLES if fits_format(example, kind)]
    if not fitting:
        return "уберите «format:»: у текста его нет"
    return say("виды: {examples}", examples=", ".join(fitting))


RULE = Rule(
    "F713",
    "вид числа или даты не подходит",
    find,
    (
        Example(REPORT, 'format: "0.00"', 'format: "0,00"', 'format: "0.0"', '"0,00', "0.000"),
        Example(REPORT, "format: 0.0 kg", "format: 0.0 °C", "format: 0.00 kg", "0.0 °C", "kg"),
        Example(
            REPORT,
            "value: it.number, total",
            "value: it.number, format: dd.mm.yyyy, total",
            "value: it.number , total",
            "dd.mm.yyyy",
            "уберите",
        ),
    ),
    "Числа показались бы не в той единице или датами.",
)
