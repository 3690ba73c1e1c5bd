"""Texts with holes and layouts of documents as nobody should write them. Start at `TEXTS` and
`LAYOUTS`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_STORED, ZipFile

from docx.oxml import parse_xml
from hypothesis import strategies as st

from engine.documents import docx
from engine.documents.errors import BadLayout
from engine.expressions.compile import EvaluationError
from engine.expressions.template import Hole, parse_template
from engine.model.values import Option, Row
from engine.run.texts import compile_text
from tests.engine.documents.words import paper
from tests.engine.expressions.fields import ENV, NOW
from tests.fuzz.bounded import Bounded
from tests.fuzz.expressions import EXPRESSIONS, ask, refusal

HOLES = st.sampled_from([
    "{weight}", "{batch.number}", "{join(marks, ', ')}", "{comment}", "{{", "}}", "{", "}", "{}",
    "{ }",
    "{'}'}", "{'{'}", '{"}', "{{{weight}}}", "{0}", "{0.__class__}", "{weight!r}", "{weight:>9}",
    "{weight.__class__}", "{*}", "%s", "%(weight)s", "$weight", "${weight}", "<b>", "&amp;", "\n",
    "\x00", "\ud800", "\u202e", "😀", "Масса ", "{{weight}}", "{weight", "weight}", "{photos}",
    "{weight | one кг | few кг | many кг}", "{weight | one кг | fw кг}",
    "{comment|one a|few b|many c}",
])  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.one_of(HOLES, EXPRESSIONS.map("{{{}}}".format)), max_size=12).map("".join),
    st.lists(HOLES, max_size=40).map("".join),
    st.text(max_size=100),
)


def fill(text: str, changed: dict[str, Any], bounded: Bounded) -> None:
    """Read a text with holes and fill it; what fills it stays as it is."""
    refused = refusal(parse_template, text)
    if refused is not None:
        bounded.saw("refused")
        assert refused.code in ("F202", "F206")
        assert 0 <= refused.offset < len(text)
        return
    parts = parse_template(text).parts
    bounded.saw("read")
    compiled = compile_text(text, lambda source: None)
    env = {**ENV, **changed}
    try:
        shown = str(compiled.render(env, ask, NOW))
    except EvaluationError:
        return
    codes = {hole.source: hole.code for hole in compiled.holes}
    expected = [
        part.said(codes[part.source](env, ask, NOW)) if isinstance(part, Hole) else part
        for part in parts
    ]
    assert shown == "".join(expected)


class Sesame:
    """What no layout may reach: it says its own secret in whatever way it is asked."""

    secret = "SESAME"

    def __str__(self) -> str:
        return "closed"


WORDS = st.sampled_from([
    "{{ number }}", "{{ batch.number }}", "{{ rows }}", "{% for row in rows %}", "{% endfor %}",
    "{{ row.kg|number(2) }}", "{{ loop.index }}", "{{ loop }}", "{% if number %}", "{% else %}",
    "{% endif %}",
    "{% elif a == b %}", "{{ day|day }}", "{{ 'a' }}", "{{", "}}", "{%", "%}", "{#", "#}",
    "{{ self }}",
    "{{ sesame.secret }}", "{{ sesame|attr('secret') }}", "{{ sesame['secret'] }}", "{{ a.b.c }}",
    "{{ ().__class__.__mro__[1].__subclasses__() }}", "{{ lipsum.__globals__ }}", "{{ cycler }}",
    "{% set a = 1 %}", "{% include 'a' %}", "{% import 'os' as os %}", "{% extends 'a' %}",
    "{% macro m() %}{{ m() }}{% endmacro %}", "{{ m() }}", "{% block a %}", "{% endblock %}",
    "{% filter day %}", "{% call m() %}", "{% raw %}", "{% endraw %}", "{% with a = b %}",
    "{% do a %}",
    "{% for a, b in rows %}", "{% for row in rows if row %}", "{% for row in rows recursive %}",
    "{{ range(9) }}", "{{ 9 ** 9 ** 9 }}", "{{ 'a' * 9 }}", "{{ a ~ b }}", "{{ a[0] }}",
    "{{ a|b }}",
    "{{ number|number(2)|digits }}", "{{ number|number(99) }}", "{{ not a and (b or c) }}",
    "{%p if number %}", "{%tr for row in rows %}", "{%tr endfor %}", "{%tc for a in b %}",
    "{{r a }}",
    "{{p a }}", "{% colspan 3 %}", "{% cellbg a %}", "{% vm %}", "{% hm %}", "{%- if a -%}",
    "{{- a -}}",
    "{{y a }}", "{_{", "}_}", "{{ a if b else c }}", "{{ a == 'x' }}", "{{ a > 1 }}", "{{ -1 }}",
    "{{ 1.5 }}", "{{ true }}", "{{ None }}", "{% debug %}", "{% autoescape false %}", "{% trans %}",
    "{% break %}", "{% continue %}", "{% for loop in rows %}", "{{ ａ }}", "{{ def }}",
    "{{ import }}",
    " ", "текст", "<w:p>", "&lt;", "\x07", "\t", "{{ " + "(" * 60, "{{ a" + ".a" * 60 + " }}",
    "# for a in b", "## a", "{{ a # }}", "{{ a\n}}", "{{ '{{' }}", "{{ \"%}\" }}",
])  # fmt: skip
LAYOUTS = st.lists(
    st.tuples(
        st.lists(st.one_of(WORDS, WORDS, st.text(max_size=10)), max_size=4).map("".join),
        st.integers(0, 30),
        st.sampled_from(["paragraph", "paragraph", "row", "cell", "raw"]),
    ),
    min_size=1,
    max_size=8,
)
VALUES: dict[str, object] = {
    "number": Decimal("2411.5"), "day": date(2026, 11, 24), "a": "{{ b }}<w:t>&amp;", "b": None,
    "batch": Row("raw_batch", "1", "2411/3", {"number": "2411/3", "kg": Decimal(5)}),
    "rows": [{"kg": Decimal(1), "rows": [1, 2]}, {"kg": None, "row": "x"}] * 3, "c": Option("",
    "C"),
    "sesame": Sesame(), "m": (Decimal(1), "б"),
}  # fmt: skip
FORBIDDEN = ("SESAME", " object at ", "&lt;class", "TemplateReference", "LoopContext", "built-in")


RELATIONS = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r" Target="word/document.xml" Type="http://schemas.openxmlformats.org/\
officeDocument/2006/relationships/officeDocument"/></Relationships>""".replace(b"\\\n", b"")
FLIPS = st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=2)
PAGE = "word/document.xml"


def _empty() -> dict[str, bytes]:
    """Return the parts of the smallest document."""
    with ZipFile(BytesIO(paper("@@"))) as made:
        kept = {name: made.read(name) for name in ("[Content_Types].xml", PAGE)}
    return {**kept, "_rels/.rels": RELATIONS}


EMPTY = _empty()


def written(paragraphs: list[tuple[str, int, str]], flips: list[tuple[int, int]]) -> bytes:
    """Return a document of paragraphs and tables; each text is split into runs at a place, and some
    bytes of the page are flipped."""
    body = "".join(_piece(*one) for one in paragraphs).encode("utf-8", "replace")
    start, end = b"@@</w:t></w:r></w:p>", b"<w:p><w:r><w:t>"
    page = bytearray(EMPTY[PAGE].replace(b"@@", start + body + end, 1))
    for at, value in flips:
        page[-1 - at % len(page)] = value
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as whole:
        for name, content in {**EMPTY, PAGE: bytes(page)}.items():
            whole.writestr(name, content)
    return made.getvalue()


def _piece(text: str, at: int, kind: str) -> str:
    if kind == "raw":  # what is no XML makes the layout a damaged one
        return "".join(one for one in text if one.isprintable())
    said = [escape("".join(one for one in part if one >= " ")) for part in (text[:at], text[at:])]
    runs = "".join(f'<w:r><w:t xml:space="preserve">{one}</w:t></w:r>' for one in said)
    paragraph = f"<w:p>{runs}</w:p>"
    if kind == "paragraph":
        return paragraph
    cells = f"<w:tc>{paragraph}</w:tc>" * (1 if kind == "row" else 2)
    return f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"


def print_layout(layout: bytes, bounded: Bounded) -> None:
    """Read a layout and print it: a page of letters, or words about what is wrong."""
    try:
        docx.asked(layout)
        made = docx.render(layout, VALUES)
    except BadLayout:
        bounded.saw("refused")
        return
    finally:
        docx._compiled.cache_clear()
    bounded.saw("printed")
    with ZipFile(BytesIO(made)) as whole:
        page = whole.read(PAGE)
    parse_xml(page)
    assert len(page) < 1024 * 1024
    text = page.decode()
    assert not [word for word in FORBIDDEN if word in text]
