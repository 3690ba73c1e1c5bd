"""Documents of templates/ printed from their samples, by ours and by docxtpl."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from docxtpl import DocxTemplate

from engine.documents.docx import render
from engine.documents.language import environment
from engine.load.tree import read_tree

TEMPLATES = Path(__file__).parents[2] / "templates"


class Sample(NamedTuple):
    """A layout, and what is printed with it."""

    layout: bytes
    values: Mapping[str, object]


def sample(name: str) -> Sample:
    """Return the sample of a document."""
    folder = TEMPLATES / name
    tree, _ = read_tree("sample.yaml", (folder / "sample.yaml").read_text("utf-8"))
    assert isinstance(tree.data, dict)
    return Sample((folder / "layout.docx").read_bytes(), tree.data)


def samples() -> Sequence[Sample]:
    """Return those of all documents."""
    return [sample(path.parent.name) for path in sorted(TEMPLATES.glob("*/document.yaml"))]


def ours(each: Sequence[Sample]) -> list[bytes]:
    """Print them."""
    return [render(one.layout, one.values) for one in each]


def theirs(each: Sequence[Sample]) -> list[bytes]:
    """Print them as docxtpl does; it draws no codes."""
    made = []
    for one in each:
        document, written = DocxTemplate(BytesIO(one.layout)), BytesIO()
        document.render(dict(one.values), jinja_env=environment(), autoescape=True)
        document.save(written)
        made.append(written.getvalue())
    return made
