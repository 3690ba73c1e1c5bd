"""F707: a field of a document that its layout never prints."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import DOCUMENT
from engine.check.layouts import LAYOUT, layouts
from engine.check.rule import Example, Rule
from engine.check.scope import read
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.parse import names
from engine.expressions.suggest import nearest
from engine.expressions.template import parse_template


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the fields of every document with what its layout and its file name print."""
    for layout in layouts(subject.project):
        form, asked = layout.form, {one.name.split(".")[0] for one in layout.asked}
        strange = asked - form.fields.keys() - {*form.later}
        for name in form.fields:
            if name not in asked | _named(form.file) and not nearest(name, strange):
                message = say("{layout} не печатает «{name}»", layout=LAYOUT, name=name)
                remedy = "впишите его в макет или уберите отсюда"
                yield Finding(layout.tree.key(("fields", name)), "F707", message, remedy)
        for at, name in enumerate(form.later):
            if name not in asked:
                message = say("{layout} не печатает «{name}»", layout=LAYOUT, name=name)
                remedy = "впишите его в макет или уберите отсюда"
                yield Finding(layout.tree.place(("later", at)), "F707", message, remedy)


def _named(file: str) -> frozenset[str]:
    """Return the fields that the name of the file prints."""
    try:
        sources = [hole.source for hole in parse_template(file).holes]
    except ValueError:
        return frozenset()
    nodes = [node for node in map(read, sources) if node]
    return frozenset(name for node in nodes for name in names(node))


RULE = Rule(
    "F707",
    "поле документа не печатается",
    find,
    (
        Example(
            DOCUMENT,
            "later: [fat]",
            "later: [fat, protein]",
            "later: [ fat]",
            "protein",
            "макет",
        ),
        Example(
            DOCUMENT,
            "  parts: parts\n",
            "  parts: parts\n  day: today()\n",
            "  parts:  parts\n",
            "day",
            "макет",
        ),
    ),
    "Значение считалось бы зря: на бумаге его нет.",
)
