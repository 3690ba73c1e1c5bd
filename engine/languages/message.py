"""A text that another language can say: its Russian template, the values of its holes, where it
comes from.

A `Message` is a `str`, the Russian text, so that every field of a text may hold one and documents,
rows and logs stay Russian. It is put into the reader's language once, at the door, by
`catalogue.Catalogue.say`. Joining strings (f-strings, `+`) loses the message: give the parts as
values, or join spans of `Text`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Self

# A brace in quotes closes nothing; doubled braces are literal.
_PART = re.compile(r"""\{\{|\}\}|\{((?:'[^']*'|"[^"]*"|[^'"{}])*)\}""")
_DOUBLED = {"{{": "{", "}}": "}"}

NO_VALUES: Mapping[str, str] = MappingProxyType({})
CATEGORIES = ("one", "few", "many", "other")  # CLDR's for Russian; `other` is for fractions


def holes(template: str) -> tuple[str, ...]:
    """Return what stands in the holes of a template, in order.

    >>> holes("Осталось {left} из {batch.weight} {{кг}}")
    ('left', 'batch.weight')
    """
    return tuple(part[1] for part in _PART.finditer(template) if part[1] is not None)


def filled(template: str, values: Mapping[str, str]) -> str:
    """Fill the holes of a template; a hole without a value stays as it is written.

    >>> filled("Осталось {left} {{кг}}", {"left": "81,000"})
    'Осталось 81,000 {кг}'
    """
    if "{" not in template and "}" not in template:
        return template
    return _PART.sub(
        lambda part: _DOUBLED.get(part[0]) or values.get(part[1] or "", part[0]), template
    )


def has_words(template: str) -> bool:
    """Tell whether there is anything to translate beside the holes.

    >>> has_words("{name}: {value}"), has_words("{value} кг")
    (False, True)
    """
    return any(character.isalpha() for character in _PART.sub("", template))


def finished(text: str, *, capital: bool) -> str:
    """Return a text as it stands on a screen: with a capital letter where one is wanted."""
    return text[:1].upper() + text[1:] if capital else text


def category(number: Decimal | int) -> str:
    """Return CLDR's plural category of a number in Russian.

    >>> [category(number) for number in (1, 3, 11, 21, Decimal("2.5"))]
    ['one', 'few', 'many', 'one', 'other']
    """
    if number != int(number):
        return "other"
    tens, units = abs(int(number)) % 100, abs(int(number)) % 10
    if units == 1 and tens != 11:
        return "one"
    return "few" if 2 <= units <= 4 and not 12 <= tens <= 14 else "many"


def form(forms: Mapping[str, str], number: Decimal | int) -> str:
    """Return the form for a number. A fraction without `other` is counted like two («2,5 часа»)."""
    found = category(number)
    return forms.get(found) or forms.get("few" if found == "other" else "other") or forms["many"]


class Message(str):
    """A Russian text made of a template and values, each of which may be a Message itself.

    `template` is the msgid; `context` the msgctxt: empty for texts of the program, the place in
    YAML («flow:step:key») for texts of a plant. `forms` and `number` are set for a counted one."""

    __slots__ = ("capital", "context", "forms", "number", "template", "values")

    template: str
    values: Mapping[str, str]
    context: str
    forms: Mapping[str, str]
    number: Decimal | int | None
    capital: bool

    def __new__(
        cls,
        template: str,
        values: Mapping[str, str] = NO_VALUES,
        *,
        context: str = "",
        forms: Mapping[str, str] = NO_VALUES,
        number: Decimal | int | None = None,
        capital: bool = False,
    ) -> Self:
        """Make a message. With `forms` (CLDR's keys) and `number`, the fitting form is shown and
        `template` is the form of one; with `capital` it is said with a capital letter."""
        shown = template if number is None else form(forms, number)
        self = super().__new__(cls, finished(filled(shown, values), capital=capital))
        for name, value in (
            ("template", template),
            ("values", values),
            ("context", context),
            ("forms", forms),
            ("number", number),
            ("capital", capital),
        ):
            object.__setattr__(self, name, value)
        return self

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Message never changes: {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by the parts."""
        counting = (dict(self.forms), self.number, self.capital)
        return _again, (type(self), self.template, dict(self.values), self.context, *counting)

    @property
    def source(self) -> str:
        """The Russian template that is shown: of a counted message, the form for its number."""
        return self.template if self.number is None else form(self.forms, self.number)

    def with_values(self, values: Mapping[str, str]) -> Message:
        """Return the same text with other values."""
        return Message(
            self.template,
            values,
            context=self.context,
            forms=self.forms,
            number=self.number,
            capital=self.capital,
        )


def _again(
    kind: type[Message],
    template: str,
    values: Mapping[str, str],
    context: str,
    forms: Mapping[str, str],
    number: Decimal | int | None,
    capital: bool,
) -> Message:
    return kind(template, values, context=context, forms=forms, number=number, capital=capital)


def capitalised(text: str) -> str:
    """Return a text with a capital letter, in whatever language it is said.

    >>> capitalised("масса по ТТН")
    'Масса по ТТН'
    """
    if not isinstance(text, Message):
        return text[:1].upper() + text[1:]
    return Message(
        text.template,
        text.values,
        context=text.context,
        forms=text.forms,
        number=text.number,
        capital=True,
    )


def listed(texts: Iterable[str], separator: str = ", ") -> str:
    """Join texts as a message of nothing but values.

    >>> listed(["Охлаждённое", "Замороженное"])
    'Охлаждённое, Замороженное'
    """
    values = {str(at): text for at, text in enumerate(texts)}
    return Message(separator.join(f"{{{name}}}" for name in values), values)


def counted(number: Decimal | int, values: Mapping[str, str] = NO_VALUES, **forms: str) -> Message:
    """Make a message of a program's text that counts: one form a category of Russian.

    >>> counted(3, {"n": "3"}, one="{n} ответ", few="{n} ответа", many="{n} ответов")
    '3 ответа'
    """
    return Message(forms["one"], values, forms=MappingProxyType(forms), number=number)
