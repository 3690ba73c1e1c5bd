"""What the layouts of documents ask for, with the types of their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.check.scope import Names, base_names, document_names, read
from engine.check.uses import PAPER_WORDS
from engine.expressions.check import infer
from engine.expressions.types import Date, Text, Type
from engine.load.project import Project
from engine.load.tree import Tree
from engine.schema.document import DocumentForm

if TYPE_CHECKING:
    from engine.documents.docx import Placeholder

LAYOUT = "layout.docx"


@dataclass(frozen=True, slots=True)
class Layout:
    """A document with its layout read: every place that asks for a value, the types of the fields;
    a field whose type cannot be told has none."""

    form: DocumentForm
    tree: Tree
    asked: tuple[Placeholder, ...]
    types: Mapping[str, Type]
    names: Names


def layouts(project: Project) -> Iterator[Layout]:
    """Give every document whose layout can be read; F703 says what is wrong with the others."""
    # A layout brings the library of documents with it: only where there is one to read.
    from engine.documents.docx import asked  # noqa: PLC0415
    from engine.documents.errors import BadLayout  # noqa: PLC0415

    for form in project.documents.values():
        tree = project.tree("document", form.document)
        try:
            found = asked(((project.root.parent / tree.file).parent / LAYOUT).read_bytes())
        except (OSError, BadLayout):
            continue
        names = base_names(project)
        yield Layout(form, tree, found, _types(project, form), names)


def _types(project: Project, form: DocumentForm) -> dict[str, Type]:
    scope = document_names(project, form).scope
    date, draft = PAPER_WORDS
    types: dict[str, Type] = {date: Date(), draft: Text()}
    for name, text in form.fields.items():
        node = read(text)
        found, problems = infer(node, scope) if node else (None, ())
        if found is not None and not problems:
            types[name] = found
    return types
