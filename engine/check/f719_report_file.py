"""F719: a name of a file that would not open; a form, a lifecycle or a report whose file is called
otherwise than it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from engine.check.example import DOCUMENT, FORM, MEASURED, REPORT
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.template import Hole, parse_template
from engine.load.tree import Tree

_NEVER = re.compile(r'[\\/:*?"<>|]')
FOLDER = "report.yaml"


def find(subject: Subject) -> Iterator[Finding]:
    """Look at the names of files, and at where the reports lie."""
    project = subject.project
    for form in project.reports.values():
        tree = project.tree("report", form.report)
        yield from _file(tree, form.file, (".xlsx",))
        folder, name = tree.file.split("/")[-2:]
        there = folder if name == FOLDER else _stem(tree)
        yield from _called(tree, "report", form.report, there)
    for sketch in project.sketches.values():
        yield from _called(sketch.tree, "flow", sketch.name, _stem(sketch.tree))
    for life in project.lives.values():
        yield from _called(life.tree, "lifecycle", life.name, _stem(life.tree))
    for document in project.documents.values():
        tree = project.tree("document", document.document)
        yield from _file(tree, document.file, (".docx", ".pdf"))


def _stem(tree: Tree) -> str:
    return tree.file.rpartition("/")[2].removesuffix(".yaml")


def _called(tree: Tree, key: str, name: str, there: str) -> Iterator[Finding]:
    """Compare a name with that of its file: the two tell each other's slips."""
    if name and name != there:
        message = say("файл или папка называется «{there}»", there=there)
        remedy = say("напишите «{key}: {there}»", key=key, there=there)
        yield Finding(tree.place((key,)), "F719", message, remedy)


def _file(tree: Tree, text: str, endings: tuple[str, ...]) -> Iterator[Finding]:
    place = tree.place(("file",))
    try:
        parts = parse_template(text).parts
    except ValueError:
        return
    plain = "".join(chain.from_iterable("" if isinstance(part, Hole) else part for part in parts))
    if not text.endswith(endings):
        message = say("имя файла не кончается на «{ending}»", ending=" / ".join(endings))
        yield Finding(place, "F719", message, say("допишите «{ending}»", ending=endings[0]))
    elif _NEVER.search(plain):
        message = "в имени файла есть знак, которого в именах не бывает"
        yield Finding(place, "F719", message, 'уберите \\ / : * ? " < > |')


RULE = Rule(
    "F719",
    "имя файла не подходит",
    find,
    (
        Example(
            MEASURED,
            "flow: measuring",
            "flow: measurnig",
            "flow:  measuring",
            "measurnig",
            "flow: measuring",
        ),
        Example(
            REPORT,
            'file: "Сырьё {period}.xlsx"',
            'file: "Сырьё {period}.xls"',
            'file: "Сырьё за {period}.xlsx"',
            '"Сырьё',
            ".xlsx",
        ),
        Example(
            DOCUMENT,
            'file: "Акт {number}.docx"',
            'file: "Акт/{number}.docx"',
            'file: "Акт № {number}.docx"',
            '"Акт/',
            "уберите",
        ),
        Example(FORM, "report: sheet", "report: sheets", "report:  sheet", "sheets", "sheet"),
    ),
    "Файл не открылся бы двойным щелчком или не нашёлся бы.",
)
