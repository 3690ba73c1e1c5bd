"""Which texts there are to translate, and what is wrong with their translations.

Texts of the program are found by the calls that make messages; those of a plant are given by
whoever reads its YAML. Knows no Babel: a translation is plain data here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.languages.message import has_words, holes, shown_holes

MAKERS = frozenset({"Message", "Refusal", "say"})  # their first argument is a text
DJANGO = frozenset({"_", "gettext"})  # and of these, in the office
_TEMPLATED = re.compile(
    r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}"
    r"""|\{% translate (?:"([^"]+)"|'([^']+)')[^%]*%\}|_\('([^']+)'\)""",
    re.DOTALL,
)
_HELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")  # a value in a block, which gettext sees as %(value)s
COUNTED = "counted"
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Source:
    """A text to translate: msgctxt and msgid, the last form of a counted one, the file it is in."""

    text: str
    file: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What a translation is found by."""
        return self.context, self.text


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation as it stands in a `.po`: forms of the text, the line of its entry; `fuzzy`
    when its source has changed since."""

    forms: tuple[str, ...]
    line: int = 1
    fuzzy: bool = False

    @property
    def untranslated(self) -> bool:
        """Tell whether nothing is written there."""
        return not any(self.forms)

    @property
    def done(self) -> bool:
        """Tell whether every form is there, and made of the present source."""
        return bool(self.forms) and all(self.forms) and not self.fuzzy


Table = Mapping[tuple[str, str], Translated]


def missing_holes(source: Source, said: Translated) -> tuple[str, ...]:
    """Return the holes that a translation leaves out; of several forms the last has them all."""
    there = holes(said.forms[-1])
    wanted = _named(source, shown_holes(source.plural or source.text))
    return tuple(hole for hole in dict.fromkeys(wanted) if hole not in there)


def unknown_holes(source: Source, said: Translated) -> tuple[str, ...]:
    """Return the holes of a translation that its source has not."""
    known = holes(source.text) + holes(source.plural)
    found = (hole for form in said.forms for hole in _named(source, holes(form)))
    return tuple(dict.fromkeys(hole for hole in found if hole not in known))


def _named(source: Source, found: tuple[str, ...]) -> tuple[str, ...]:
    """Return the holes that values fill: in a text of the program they are names, and braces
    around anything else are an example of YAML; in one of a plant any expression."""
    return found if source.context else tuple(hole for hole in found if _NAME.fullmatch(hole))


@dataclass(frozen=True, slots=True)
class Status:
    """How far one language is: what is translated, not at all, from a source that has changed
    since, with holes that differ."""

    translated: tuple[Source, ...]
    missing: tuple[Source, ...]
    stale: tuple[Source, ...]
    broken: tuple[Source, ...]

    @property
    def complete(self) -> bool:
        """Tell whether nothing is left to do."""
        return not (self.missing or self.stale or self.broken)


def status(sources: Iterable[Source], table: Table) -> Status:
    """Compare the texts that there are with those that are translated."""
    translated: list[Source] = []
    missing: list[Source] = []
    stale: list[Source] = []
    broken: list[Source] = []
    contexts = {context for context, _ in table if context}
    for source in sources:
        said = table.get(source.key)
        if said is not None and said.done:
            differs = missing_holes(source, said) or unknown_holes(source, said)
            (broken if differs else translated).append(source)
        elif (said is not None and said.fuzzy) or (said is None and source.context in contexts):
            stale.append(source)
        else:
            missing.append(source)
    return Status(tuple(translated), tuple(missing), tuple(stale), tuple(broken))


def python_sources(
    root: Path,
    folders: Iterable[str],
    without: tuple[str, ...] = (),
    makers: frozenset[str] = MAKERS,
) -> tuple[Source, ...]:
    """Return the texts given to `makers` in Python files under these folders of `root`, each once,
    in the order of the files; those of the folders `without` are of another domain."""
    found: dict[tuple[str, str], Source] = {}
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if name.startswith(without):
                continue
            for text, plural in _texts(ast.parse(path.read_text(encoding="utf-8")), makers):
                source = Source(text, name, plural=plural)
                found.setdefault(source.key, source)
    return tuple(found.values())


def template_sources(root: Path, folder: str) -> tuple[Source, ...]:
    """Return the texts of Django's templates under a folder of `root`, each once."""
    found: dict[tuple[str, str], Source] = {}
    for path in sorted((root / folder).rglob("*.html")):
        for text in _templated(path.read_text(encoding="utf-8")):
            source = Source(text, path.relative_to(root).as_posix())
            found.setdefault(source.key, source)
    return tuple(found.values())


def _templated(html: str) -> Iterator[str]:
    for match in _TEMPLATED.finditer(html):
        block, *plain = match.groups()
        if block is not None:
            yield _HELD.sub(r"%(\1)s", block)
        yield from (text for text in plain if text is not None)


def _texts(tree: ast.AST, makers: frozenset[str]) -> Iterator[tuple[str, str]]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in makers and call.args:
            yield from ((text, "") for text in _strings(call.args[0]))
        elif name == COUNTED:
            forms = {word.arg: "".join(_strings(word.value)) for word in call.keywords}
            if "one" in forms:
                yield forms["one"], forms.get("many") or forms["other"]


def _strings(node: ast.expr) -> Iterator[str]:
    """Return the texts that an argument may be; whatever is computed makes none."""
    match node:
        case ast.Constant(value=str(text)) if has_words(text):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _strings(body)
            yield from _strings(orelse)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _strings(value)
        case _:
            return
