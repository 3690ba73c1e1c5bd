"""Texts with `{expression}` inside; `{{` and `}}` are literal braces.

`{n | one замес | few замеса | many замесов}` shows the form of a word that goes with a number: one
of CLDR's categories of Russian each; a fraction without `other` is counted like `few`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import say
from engine.expressions.parse import ExpressionError, Node, parse
from engine.expressions.suggest import hint
from engine.languages.message import CATEGORIES, Forms, forms_of, worded
from engine.model.values import Value, show

# A brace in quotes closes nothing; after `|` stand forms of a word.
_HOLE = re.compile(r"""\{((?:'[^']*'|"[^"]*"|[^'"{}|])*)(\|[^{}]*)?\}""")
_PLAIN = re.compile(r"(?:[^{}]|\{\{|\}\})+")
_ANY_HOLE = re.compile(r"\{([^{}]*)\}")  # for a hole whose quotes do not pair


@dataclass(frozen=True)
class Hole:
    """One hole of a text: the expression, the column where it begins, its text; with `forms` the
    one that goes with the number is shown instead of it."""

    node: Node
    offset: int
    source: str
    forms: Forms = ()

    def said(self, value: Value) -> str:
        """Return what stands in the place of the hole."""
        return worded(self.forms, show(value)) if self.forms else show(value)

    @property
    def longest(self) -> int:
        """Return the characters of the longest form."""
        return max(len(words) for _, words in self.forms)


@dataclass(frozen=True)
class Template:
    """A text: plain pieces and holes in order."""

    parts: tuple[str | Hole, ...]

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The holes alone."""
        return tuple(part for part in self.parts if isinstance(part, Hole))


def parse_template(text: str) -> Template:
    """Read a text with holes. Raises ExpressionError (code F202) for a broken brace or hole."""
    parts: list[str | Hole] = []
    at = 0
    while at < len(text):
        plain = _PLAIN.match(text, at)
        if plain is not None:
            parts.append(plain[0].replace("{{", "{").replace("}}", "}"))
            at = plain.end()
            continue
        match = _HOLE.match(text, at) or _ANY_HOLE.match(text, at)
        if match is None:
            raise _broken(text, at)
        written = match[2] if match.re is _HOLE else None
        parts.append(_counted(match) if written else _hole(match[1], match.start(1)))
        at = match.end()
    return Template(tuple(parts))


def _broken(text: str, at: int) -> ExpressionError:
    message = "лишняя «}»" if text[at] == "}" else "нет закрывающей «}»"
    remedy = say("скобка как знак пишется дважды: {text}", text=text[at] * 2)
    return ExpressionError(at, 1, message, remedy, "F202")


def _counted(match: re.Match[str]) -> Hole:
    """Return a hole with forms of a word."""
    source, at = match[1], match.start(1)
    found: dict[str, str] = {}
    for part in re.finditer(r"\|([^|]*)", match[2]):
        ((name, words),) = forms_of(part[0])
        start = match.start(2) + part.start(1) + len(part[1]) - len(part[1].lstrip())
        _refuse_form(name, words, found, start)
        found[name] = words
    missing = [name for name in CATEGORIES[:-1] if name not in found]
    if missing:
        message = say("у слова при числе нет формы «{name}»", name=missing[0])
        raise ExpressionError(at, len(source.rstrip()) or 1, message, _every_form(missing), "F206")
    lead = len(source) - len(source.lstrip())
    return _hole(source.strip(), at + lead, tuple(found.items()))


def _refuse_form(name: str, words: str, found: Mapping[str, str], at: int) -> None:
    width = max(1, len(name))
    if name not in CATEGORIES:
        message = say("нет формы числа «{name}»", name=name)
        raise ExpressionError(at, width, message, hint(name, CATEGORIES, "формы"), "F206")
    if name in found:
        message = say("форма «{name}» стоит дважды", name=name)
        raise ExpressionError(at, width, message, "оставьте одну", "F206")
    if not words:
        message = say("у формы «{name}» нет слова", name=name)
        raise ExpressionError(at, width, message, "впишите слово после неё", "F206")


NUMBERS = {"one": "1, 21, 31", "few": "2, 3, 24", "many": "0, 5, 11"}


def _every_form(missing: list[str]) -> str:
    name = missing[0]
    return say("допишите «| {name} …»: она для {numbers}", name=name, numbers=NUMBERS[name])


def _hole(source: str, offset: int, forms: Forms = ()) -> Hole:
    try:
        return Hole(parse(source), offset, source, forms)
    except ExpressionError as error:
        at = offset + error.offset
        raise ExpressionError(at, error.width, error.message, error.hint, "F202") from None
