"""Every document of templates/, with its emptiest and its longest values, opened again."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from docx import Document

from engine.documents.docx import placeholders, render
from engine.load.tree import read_tree

TEMPLATES = Path(__file__).parents[3] / "templates"
DOCUMENTS = sorted(path.parent.name for path in TEMPLATES.glob("*/document.yaml"))
LONGEST = "ООО <b>«Учебная»</b> & Ко {{ 7*7 }} " * 20  # characters: 700, over any field of a form
Grow = Callable[[Any], Any]


def sample(name: str) -> dict[str, Any]:
    tree, findings = read_tree("sample.yaml", (TEMPLATES / name / "sample.yaml").read_text("utf-8"))
    assert findings == ()
    assert isinstance(tree.data, dict)
    return tree.data


def changed(values: Any, grow: Grow) -> Any:
    """The values of a sample, each text and each list grown."""
    if isinstance(values, dict):
        return {name: changed(value, grow) for name, value in values.items()}
    if isinstance(values, list):
        return [changed(value, grow) for value in values * (40 if grow("") else 1)]
    return grow(values)


def printed(name: str, values: dict[str, Any]) -> str:
    """The whole text of a printed document; it must open in python-docx, part by part as XML."""
    content = render((TEMPLATES / name / "layout.docx").read_bytes(), values)
    Document(BytesIO(content))
    texts: list[str] = []
    with ZipFile(BytesIO(content)) as package:
        for part in package.namelist():
            if part.startswith("word/") and part.endswith(".xml"):
                texts += ElementTree.fromstring(package.read(part)).itertext()
    return " ".join(texts)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_sample_gives_a_value_to_every_placeholder_and_to_nothing_else(name: str) -> None:
    asked = {one.name for one in placeholders((TEMPLATES / name / "layout.docx").read_bytes())}
    values = sample(name)
    assert set(values) == {one.split(".")[0] for one in asked}
    for rows in (each for each in values.values() if isinstance(each, list)):
        assert rows
        assert all(isinstance(row, dict) for row in rows)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_with_every_value_has_no_dash_and_no_placeholder(name: str) -> None:
    text = printed(name, sample(name))
    assert "—" not in text
    assert "{" not in text
    assert "None" not in text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_without_any_value_shows_dashes(name: str) -> None:
    blank = {name: [] if isinstance(one, list) else "" for name, one in sample(name).items()}
    for empty in ({}, dict.fromkeys(sample(name)), blank):
        text = printed(name, empty)
        assert "—" in text
        assert "None" not in text
        assert "{" not in text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_longest_values_come_out_whole_and_literal(name: str) -> None:
    text = printed(name, changed(sample(name), lambda value: LONGEST))
    assert text.count(LONGEST.strip()[:60]) >= len(sample(name))
    assert "49" not in text.replace(LONGEST, "")
