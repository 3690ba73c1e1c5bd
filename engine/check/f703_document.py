"""F703: a document that is not there, or whose layout asks for what it is not given."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.document import DocumentAction
from engine.check.example import DOCUMENT, FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject, of_expressions
from engine.check.uses import PAPER_WORDS
from engine.errors import Finding, say
from engine.expressions.suggest import hint, nearest
from engine.load.project import Project
from engine.load.tree import Tree
from engine.schema.document import DocumentForm

LAYOUT = "layout.docx"
_of_types = of_expressions("F703")


def find(subject: Subject) -> Iterator[Finding]:
    """Look up the documents of actions; compare every layout with its fields."""
    project = subject.project
    for sketch in project.sketches.values():
        for actions in sketch.blocks.values():
            for path, action in actions:
                if isinstance(action, DocumentAction) and not _is_known(project, action.document):
                    place = sketch.tree.place((*path, "document"))
                    remedy = hint(action.document, project.documents, "документы") or (
                        say("создайте templates/{document}/document.yaml", document=action.document)
                    )
                    yield Finding(
                        place,
                        "F703",
                        say("нет документа «{document}»", document=action.document),
                        remedy,
                    )
    for document in project.documents.values():
        yield from _document(project, project.tree("document", document.document), document)
    yield from _of_types(subject)


def _is_known(project: Project, name: str) -> bool:
    return name in project.documents or ("document", name) in project.broken


def _document(project: Project, tree: Tree, document: DocumentForm) -> Iterator[Finding]:
    records = project.vocabulary.records
    if document.record not in records:
        remedy = hint(document.record, records, "записи")
        yield Finding(
            tree.place(("record",)),
            "F703",
            say("нет записи «{record}»", record=document.record),
            remedy,
        )
    folder = tree.file.split("/")[-2]
    if folder != document.document:
        message, remedy = (
            say("папка называется «{folder}»", folder=folder),
            say("напишите «document: {folder}»", folder=folder),
        )
        yield Finding(tree.place(("document",)), "F703", message, remedy)
        return
    yield from _layout(project, tree, document)


def _layout(project: Project, tree: Tree, document: DocumentForm) -> Iterator[Finding]:
    # A layout brings the library of documents with it: only where there is one to read.
    from engine.documents.docx import placeholders  # noqa: PLC0415
    from engine.documents.errors import BadLayout  # noqa: PLC0415

    path = project.root.parent / tree.file
    try:
        asked = placeholders((path.parent / LAYOUT).read_bytes())
    except OSError:
        message, remedy = say("рядом нет {layout}", layout=LAYOUT), "положите его в ту же папку"
        yield Finding(tree.place(("document",)), "F703", message, remedy)
        return
    except BadLayout as error:
        message = say("{layout}: {message}", layout=LAYOUT, message=error.message)
        if error.where:
            message = say("{message} (рядом: «{where}»)", message=message, where=error.where)
        remedy = "исправьте его в текстовом редакторе"
        yield Finding(tree.place(("document",)), "F703", message, remedy)
        return
    known = (*document.fields, *document.later, *PAPER_WORDS)
    for name in dict.fromkeys(one.name.split(".")[0] for one in asked):
        if name not in known:
            where = next(one.where for one in asked if one.name.split(".")[0] == name)
            message = say(
                "{layout} печатает «{name}», а такого поля нет (рядом: «{where}»)",
                layout=LAYOUT,
                name=name,
                where=where,
            )
            remedy = hint(name, document.fields, "поля")
            printed = {one.name.split(".")[0] for one in asked}
            slip = nearest(name, [one for one in document.fields if one not in printed])
            key = ("fields", slip) if slip else ("fields",)  # a key that nothing prints is the slip
            yield Finding(tree.key(key), "F703", message, remedy)


RULE = Rule(
    "F703",
    "документ или его макет не подходят",
    find,
    (
        Example(
            FLOW,
            '  - reply: "Партия {taken.number}"\n',
            "  - document: deed\n    from: taken\n",
            '  - reply: "Принята партия {taken.number}"\n',
            "deed",
            "act",
        ),
        Example(
            DOCUMENT,
            "  weight: weight",
            "  wieght: weight",
            "  weight:  weight",
            "wieght",
            "wieght",
        ),
    ),
    "Документ вышел бы с пустым местом или не вышел бы совсем.",
)
