"""Every known way out of an expression, a text or a layout is refused where it is written, and
reaches nothing where it is run all the same. The ways are in `escapes.yaml`."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document

from engine.check.checked import check_folder
from engine.check.example import FILES, FLOW, LAYOUTS, write
from engine.documents.docx import render
from engine.documents.errors import BadLayout
from engine.errors import EngineError
from engine.expressions.compile import EvaluationError, compile_expression
from engine.expressions.parse import ExpressionError
from engine.load.tree import read_tree
from engine.model.values import Row
from engine.run.texts import compile_text
from tests.engine.documents.words import texts
from tests.engine.expressions.fields import NOW
from tests.engine.rehearsal import copied
from tests.fuzz.bounded import within

HERE = Path(__file__).parent
LAYOUT = "templates/act/layout.docx"
SECRET = "SESAME"
OWN = ("SESAME", "<class", "<Template", "<function", "<built-in", " object at ", "root:", "uid=")


def escapes(at: str) -> list[str]:
    """Return the escapes that are tried at one place."""
    tree, findings = read_tree("escapes.yaml", (HERE / "escapes.yaml").read_text("utf-8"))
    assert not findings
    return [one["try"] for one in tree.data if one["at"] == at]


class Hidden:
    """An object of Python in the middle of what is given."""

    def __init__(self) -> None:
        self.secret = SECRET

    def __str__(self) -> str:
        return "closed"


def company() -> Row:
    """Return a record that holds more than the Vocabulary tells of."""
    return Row("company", "1", "Учебная компания", {"name": "Учебная", "box": Hidden()})


def fields() -> dict[str, Any]:
    return {
        "company": company(),
        "weight": Decimal(5),
        "reason_text": "текст",
        "number": "2411/3",
        "parts": [company(), company()],
    }


def parts(name: str, arguments: tuple[Any, ...]) -> Any:
    """Answer the fact that the expressions may ask, as `engine.run.asking` does no other."""
    if name != "parts":
        raise EvaluationError(f"no fact {name} of {arguments}")
    return (company(),) * 3


def findings_with(folder: Path, name: str, content: bytes) -> list[str]:
    """Return the codes that are found in the small plant with one file changed."""
    flows = write(folder)
    assert check_folder(flows).findings == ()
    (folder / name).write_bytes(content)
    return [finding.code for finding in check_folder(flows).findings]


def quoted(text: str) -> str:
    """Write a text for YAML in double quotes."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'


def harmless(shown: object) -> None:
    """Hold that what came out is nothing of Python's and nothing hidden."""
    assert not [word for word in OWN if word in str(shown)], shown


@pytest.mark.parametrize("escape", escapes("expression"))
def test_an_expression_reaches_nothing(tmp_path: Path, escape: str) -> None:
    flow = FILES[FLOW].replace("when: weight > 10", f"when: {quoted(escape)}")
    assert flow != FILES[FLOW]
    with within():
        found = findings_with(tmp_path, FLOW, flow.encode())
    assert [code for code in found if code.startswith("F3")], found
    try:
        with within():
            value = compile_expression(escape)(fields(), parts, NOW)
    except (ExpressionError, EvaluationError):
        return
    assert value is None or isinstance(value, bool) or value == escape


@pytest.mark.parametrize("escape", escapes("text"))
def test_a_text_reaches_nothing(tmp_path: Path, escape: str) -> None:
    flow = FILES[FLOW].replace('prompt: "Почему {weight}?"', f"prompt: {quoted(escape)}")
    assert flow != FILES[FLOW]
    with within():
        found = findings_with(tmp_path, FLOW, flow.encode())
    assert [code for code in found if code in ("F202", "F303")], found
    try:
        with within():
            shown = str(compile_text(escape, lambda source: None).render(fields(), parts, NOW))
    except (EngineError, EvaluationError):
        return
    assert set(re.sub(r"[ ,]", "", shown)) <= {"—", *escape}
    harmless(shown)


@pytest.mark.parametrize("escape", escapes("layout"))
def test_a_layout_reaches_nothing(tmp_path: Path, escape: str) -> None:
    layout = Document(BytesIO(LAYOUTS[LAYOUT]))
    layout.add_paragraph(escape)
    made = BytesIO()
    layout.save(made)
    with within():
        found = findings_with(tmp_path, LAYOUT, made.getvalue())
    assert [code for code in found if code.startswith("F7")], found
    try:
        with within():
            printed = render(made.getvalue(), fields())
    except BadLayout:
        return
    harmless(texts(printed))
    assert SECRET.encode() not in ZipFile(BytesIO(printed)).read("word/document.xml")


def test_there_are_escapes_of_every_library_and_at_every_place() -> None:
    tree, _ = read_tree("escapes.yaml", (HERE / "escapes.yaml").read_text("utf-8"))
    published = {"simpleeval", "asteval", "Jinja", "docxtpl", "str.format", "f-string"}
    assert published == {one["published"] for one in tree.data} - {"ours"}
    assert {one["at"] for one in tree.data} == {"expression", "text", "layout"}
    assert len({one["try"] for one in tree.data if one["published"] != "ours"}) >= 30
    assert all(set(one) == {"at", "published", "reaches", "try"} for one in tree.data)


UNKNOWN = "nothing_of_the_vocabulary"
READS = {
    "hole": (re.compile(r"(?<![{$])\{[a-z_][^{}:,]*\}(?!\})"), f"{{{UNKNOWN}}}"),
    "condition": (
        re.compile(r"\b(when|that|until|exclude): +(\"[^\"]*\"|[^,}\n#\"]+)"),
        rf"\1: {UNKNOWN}",
    ),
}


@pytest.mark.parametrize("kind", READS)
def test_no_text_and_no_condition_of_the_plant_can_read_what_the_vocabulary_lacks(
    tmp_path: Path, kind: str
) -> None:
    flows = copied(tmp_path)
    wrong = set()
    for path in sorted(flows.rglob("*.yaml")):
        if path.name != "samples.yaml":
            name = path.relative_to(tmp_path).as_posix()
            wrong |= {(name, line) for line in spoiled(path, *READS[kind])}
    found = {(one.place.path, one.place.line) for one in check_folder(flows).findings}
    assert len(wrong) > 20
    assert sorted(wrong - found) == []


def spoiled(path: Path, pattern: re.Pattern[str], instead: str) -> list[int]:
    """Put a name that the Vocabulary lacks wherever a pattern matches; return the lines."""
    lines = path.read_text("utf-8").split("\n")
    spoilt = [at for at, line in enumerate(lines) if pattern.search(line.partition(" #")[0])]
    for at in spoilt:
        lines[at] = pattern.sub(instead, lines[at])
    path.write_text("\n".join(lines), "utf-8")
    return [at + 1 for at in spoilt]
