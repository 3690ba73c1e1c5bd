"""Print a .docx layout with values. Start at `render`.

A word processor may split a placeholder into several runs; docxtpl's patching joins them. What it
joins is compiled once and kept by the layout's content, so that the next paper costs milliseconds.
The same layout and values give the same bytes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from jinja2 import Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from engine.documents.errors import BadLayout
from engine.documents.language import (
    EACH,
    MOST_ROWS,
    Said,
    counted,
    environment,
    names,
    program,
    read,
)
from engine.documents.package import LARGEST_PART, opened
from engine.documents.pictures import Stored, drawn, has_pictures, shown
from engine.errors import say
from engine.model.fields import Fields
from engine.model.values import Option, Row

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST_SAID = 1024 * 1024  # bytes of one part with placeholders
MOST_PLACEHOLDERS = 1000  # of one part
# What the libraries of packages and of XML raise over a damaged file, each in its own way.
_DAMAGED = (
    *(BadZipFile, PackageNotFoundError, zlib.error, SyntaxError, LookupError, ValueError),
    *(EOFError, OSError, RuntimeError, TypeError, AttributeError),
)
_PRINTED = re.compile(r"\.(document\.main|header|footer|footnotes|endnotes)\+xml$")
_SPEAKS = re.compile(r"\{[{%#]")
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>\s*")
_DATE = (1980, 1, 1, 0, 0, 0)
_docxtpl = DocxTemplate(BytesIO())  # only its functions on XML are used, which need no file


@dataclass(frozen=True, slots=True, order=True)
class Placeholder:
    """A value that the layout asks for: its dotted name, and the words around it; how it is asked
    for (`language.Said`)."""

    name: str
    where: str
    said: Said | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with placeholders: its name in the package, its source, its names, its program."""

    name: str
    source: str
    asked: tuple[Said, ...]
    program: Template


@dataclass(frozen=True, slots=True)
class _Layout:
    """A layout, compiled: parts to print, and the others as they are."""

    parts: Mapping[str, _Part]
    entries: tuple[tuple[str, bytes], ...]


def render(layout: bytes, values: Mapping[str, object], stored: Stored | None = None) -> bytes:
    """Return the layout with every placeholder replaced by its value, always as plain text;
    `stored` reads the images that it shows.

    Numbers, dates and choices are written as people read them; a missing value is «—». Rows for a
    loop are a list of mappings. Raises BadLayout."""
    compiled = _compiled(layout)
    given = _fields(values, iter(range(MOST_ROWS)))
    printed = {name: _printed(part, given) for name, part in compiled.parts.items()}
    pictured = {name: one.decode("utf-8") for name, one in printed.items() if has_pictures(one)}
    printed |= drawn(pictured, dict(compiled.entries), stored)
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as package:
        for name, content in compiled.entries:
            package.writestr(ZipInfo(name, _DATE), printed.get(name, content), ZIP_DEFLATED)
    return made.getvalue()


def placeholders(layout: bytes) -> tuple[Placeholder, ...]:
    """Return every value that the layout asks for, in its order, once each. Raises BadLayout."""
    first: dict[str, Placeholder] = {}
    for one in asked(layout):
        first.setdefault(one.name, one)
    return tuple(first.values())


def asked(layout: bytes) -> tuple[Placeholder, ...]:
    """Return every place where the layout asks for a value, in its order. Raises BadLayout."""
    return tuple(
        Placeholder(said.path.replace(EACH, ""), _where(part.source, said.line), said)
        for part in _compiled(layout).parts.values()
        for said in part.asked
    )


@lru_cache(maxsize=32)
def _compiled(layout: bytes) -> _Layout:
    """Compile a layout; the cache compares its whole content, not only a digest."""
    try:
        entries = opened(layout)
        named = list(_sources(layout))
    except _DAMAGED as error:
        raise BadLayout("это не документ Word (.docx)") from error
    shown(dict(named), dict(entries))  # refuses copies of one picture that say different things
    language = environment()
    parts = {
        name: _part(language, name, source) for name, source in named if _SPEAKS.search(source)
    }
    return _Layout(parts, entries)


def _sources(layout: bytes) -> Iterator[tuple[str, str]]:
    """Yield the parts that people see, placeholders joined, each paragraph on a line of its own."""
    for part in Document(BytesIO(layout)).part.package.iter_parts():
        if _PRINTED.search(part.content_type):
            xml = _DECLARATION.sub("", part.blob.decode("utf-8")).replace("\n", " ")
            lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", _docxtpl.patch_xml(xml))
            yield str(part.partname).lstrip("/"), lines


def _part(language: SandboxedEnvironment, name: str, source: str) -> _Part:
    try:
        if len(source) > LARGEST_SAID or len(_SPEAKS.findall(source)) > MOST_PLACEHOLDERS:
            raise BadLayout(say("слишком большая часть {filename}", filename=name))
        tree = read(language, source)
    except BadLayout as error:
        raise BadLayout(error.message, error.line, _where(source, error.line)) from error
    return _Part(name, source, tuple(names(tree)), program(language, tree))


def _printed(part: _Part, values: Mapping[str, object]) -> bytes:
    try:
        text = _bounded(part.program.generate(values))
    except (TemplateError, TypeError) as error:
        raise BadLayout(
            say("не печатается {name}: {error}", name=part.name, error=error)
        ) from error
    xml: bytes = _docxtpl.resolve_listing(re.sub(r"\n<w:p([ >])", r"<w:p\1", text)).encode()
    try:
        parse_xml(xml)
    except SyntaxError as error:  # a condition that begins in one paragraph and ends in another
        raise BadLayout(
            say("условие или цикл рвёт разметку в {name}: {msg}", name=part.name, msg=error.msg)
        ) from error
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + xml


def _bounded(pieces: Iterable[str]) -> str:
    """Join the pieces of a part; a loop over much may make more of it than a disk holds."""
    text, size = list[str](), 0
    for piece in pieces:
        size += len(piece)
        if size > LARGEST_PART:
            raise BadLayout("документ получается слишком большим")
        text.append(piece)
    return "".join(text)


def _fields(values: Mapping[str, object], left: Iterator[int]) -> dict[str, object]:
    """Leave out what is not given: the language has its own word for it."""
    return {name: _plain(value, left) for name, value in values.items() if value is not None}


def _plain(value: object, left: Iterator[int]) -> object:
    """Keep what the language may look into: records, mappings and lists of them."""
    match value:
        case Option():
            return value.title
        case Row():
            if isinstance(value.fields, Fields):
                return replace(value, fields=value.fields.each(lambda one: _plain(one, left)))
            return replace(value, fields=_fields(value.fields, left))
        case str():
            return value.replace("\r\n", "\n").replace("\r", "\n")
        case Mapping():
            return _fields(value, left)
        case list() | tuple():
            return counted([_plain(inner, left) for inner in value], left)
        case _:
            return value


def _where(source: str, line: int) -> str:
    """Return the words of the table row, else of the paragraph, on a line of the source."""
    lines = source.split("\n")
    if not 0 < line <= len(lines):
        return ""
    before = len("\n".join(lines[: line - 1])) + 1
    start = source.rfind("<w:tr ", 0, before)
    start = max(start, source.rfind("<w:tr>", 0, before))
    if start > source.rfind("</w:tr>", 0, before):
        piece = source[start : source.find("</w:tr>", before)]
    else:
        piece = lines[line - 1].partition("</w:p>")[0]
    cells = (re.sub(r"<[^>]+>", "", cell).strip() for cell in piece.split("</w:tc>"))
    return re.sub(r"\s+", " ", " | ".join(cell for cell in cells if cell))[:120]
