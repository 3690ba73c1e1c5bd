"""F711: a report whose source gives no rows."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import REPORT
from engine.check.reports import blocks
from engine.check.rule import Example, Rule
from engine.check.scope import read
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.check import infer
from engine.expressions.suggest import hint
from engine.expressions.types import Optional, title


def find(subject: Subject) -> Iterator[Finding]:
    """Look at the type of every source."""
    facts = subject.project.vocabulary.facts
    lists = [name for name, fact in facts.items() if fact.result.startswith("list of ")]
    for one in blocks(subject.project):
        node = read(one.form.source)
        if node is None or one.rows is not None:
            continue
        found, problems = infer(node, one.outer)
        if found is None or problems:
            continue
        message = say("это не строки, а {kind}", kind=title(found))
        if isinstance(found, Optional):
            message = say("строк может не быть: {kind}", kind=title(found))
        remedy = hint("", lists, "списки дают факты")
        yield Finding(one.tree.place((*one.path, "source")), "F711", message, remedy)


RULE = Rule(
    "F711",
    "источник отчёта не даёт строк",
    find,
    (
        Example(
            REPORT,
            "source: stock(period)\n    where",
            "source: heaviest()\n    where",
            "source: stock( period )\n    where",
            "heaviest",
            "stock",
        ),
    ),
    "Таблице нечего было бы показать: строки даёт только факт, который возвращает список записей.",
)
