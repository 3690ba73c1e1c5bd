"""A text that another language can say: its Russian template, the values of its holes, where it
comes from.

A `Message` is a `str`, the Russian text, so that every field of a text may hold one and documents,
rows and logs stay Russian. It is put into the reader's language once, at the door, by
`catalogue.Catalogue.say`. Joining strings (f-strings, `+`) loses the message: give the parts as
values, or join spans of `Text`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Self

# A brace in quotes closes nothing; doubled braces are literal; after `|` stand forms of a word.
_PART = re.compile(r"""\{\{|\}\}|\{((?:'[^']*'|"[^"]*"|[^'"{}|])*)(\|[^{}]*)?\}""")
_DOUBLED = {"{{": "{", "}}": "}"}

DIGITS, VERY_MANY = 15, 10**15  # the largest number that is counted by its last digits
NO_VALUES: Mapping[str, str] = MappingProxyType({})
Forms = tuple[tuple[str, str], ...]  # of a word, each with its category
CATEGORIES = ("one", "few", "many", "other")  # CLDR's for Russian; `other` is for fractions


def holes(template: str) -> tuple[str, ...]:
    """Return what stands in the holes of a template, in order.

    >>> holes("Осталось {left} из {batch.weight} {{кг}}")
    ('left', 'batch.weight')
    >>> holes("{n | one замес | few замеса | many замесов}")
    ('n',)
    """
    return tuple(_name(part) for part in _PART.finditer(template) if part[1] is not None)


def shown_holes(template: str) -> tuple[str, ...]:
    """Return the holes that show their value, without those that only choose a word by it.

    >>> shown_holes("{n} {n | one замес | few замеса | many замесов} {line}")
    ('n', 'line')
    """
    return tuple(
        part[1] for part in _PART.finditer(template) if part[1] is not None and not part[2]
    )


def counts(template: str) -> tuple[tuple[str, str], ...]:
    """Return what chooses a word by a number: the expression, and its forms as they are written.

    >>> counts("{n} {n | one batch | other batches}")
    (('n', '| one batch | other batches'),)
    """
    return tuple((_name(part), part[2]) for part in _PART.finditer(template) if part[2])


@lru_cache(maxsize=4096)
def forms_of(written: str) -> Forms:
    """Return the forms of a word by CLDR's categories, in the order in which they are written.

    >>> forms_of("| one замес | few замеса")
    (('one', 'замес'), ('few', 'замеса'))
    """
    pairs = (part.strip().partition(" ") for part in written.split("|")[1:])
    return tuple((name, words.strip()) for name, _, words in pairs)


def filled(template: str, values: Mapping[str, str], category: Category | None = None) -> str:
    """Fill the holes of a template; a hole without a value stays as it is written. `category` is
    the language's choice of a form by a number, Russian where none is given.

    >>> filled("Осталось {left} {{кг}}", {"left": "81,000"})
    'Осталось 81,000 {кг}'
    >>> filled("{n} {n | one замес | few замеса | many замесов}", {"n": Numeral("5", 5)})
    '5 замесов'
    """
    if "{" not in template and "}" not in template:
        return template
    pieces, rest = _pieces(template)
    said: list[str] = []
    for plain, name, written, forms in pieces:
        value = values.get(name)
        if value is None:
            value = written
        elif forms:
            value = worded(forms_of(forms), value, category)
        said += (plain, value)
    return "".join((*said, rest))


@lru_cache(maxsize=4096)
def _pieces(template: str) -> tuple[tuple[tuple[str, str, str, str], ...], str]:
    """Return a template taken apart: of each hole the plain text before it, its name, the hole as
    it is written, its forms; and the text behind the last one."""
    pieces, plain, at = [], "", 0
    for part in _PART.finditer(template):
        plain, at = plain + template[at : part.start()], part.end()
        if part[1] is None:
            plain += _DOUBLED[part[0]]
        else:
            pieces.append((plain, _name(part), part[0], part[2] or ""))
            plain = ""
    return tuple(pieces), plain + template[at:]


def _name(part: re.Match[str]) -> str:
    return part[1].strip() if part[2] else part[1]


def has_words(template: str) -> bool:
    """Tell whether there is anything to translate beside the holes.

    >>> has_words("{name}: {value}"), has_words("{value} кг")
    (False, True)
    """
    plain = _PART.sub(lambda part: part[2] or "", template)
    return any(character.isalpha() for character in plain)


def finished(text: str, *, capital: bool | None) -> str:
    """Return a text as it stands on a screen: with a capital letter where one is wanted, with a
    small one where it must not have any."""
    if capital is None:
        return text
    return (text[:1].upper() if capital else text[:1].lower()) + text[1:]


class Numeral(str):
    """A number as it is shown, which knows itself: a language chooses a form of a word by it."""

    __slots__ = ("number",)

    number: Decimal | int

    def __new__(cls, shown: str, number: Decimal | int) -> Self:
        """Make it of what is shown and of the number."""
        self = super().__new__(cls, shown)
        self.number = number
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by the parts."""
        return type(self), (str(self), self.number)


Category = Callable[[Decimal | int], str]  # CLDR's category of a number in one language


def countable(number: Decimal | int) -> Decimal | int:
    """Return a number as languages count it: an int where it is whole. What is no number, or has
    more digits than anybody says, is counted as a very large one.

    >>> countable(Decimal("3.000")), countable(Decimal("1E+999999"))
    (3, 1000000000000000)
    """
    value = Decimal(number)
    if not value.is_finite() or value.adjusted() > DIGITS:
        return VERY_MANY
    return int(value) if value == value.to_integral_value() else value


def category(number: Decimal | int) -> str:
    """Return CLDR's plural category of a number in Russian.

    >>> [category(number) for number in (1, 3, 11, 21, Decimal("2.5"))]
    ['one', 'few', 'many', 'one', 'other']
    """
    value = countable(number)
    if isinstance(value, Decimal):
        return "other"
    tens, units = abs(value) % 100, abs(value) % 10
    if units == 1 and tens != 11:
        return "one"
    return "few" if 2 <= units <= 4 and not 12 <= tens <= 14 else "many"


def form(forms: Mapping[str, str], number: Decimal | int) -> str:
    """Return the form for a number. A fraction without `other` is counted like two («2,5 часа»)."""
    return _fitting(forms, category(number))


def worded(forms: Forms, value: str, by: Category | None = None) -> str:
    """Return the form for a value; of one that is no number, and stands in its place, the last."""
    if isinstance(value, Numeral):
        return _fitting(dict(forms), (by or category)(value.number))
    return forms[-1][1]


def _fitting(forms: Mapping[str, str], found: str) -> str:
    fallback = forms.get("few" if found == "other" else "other")
    return forms.get(found) or fallback or list(forms.values())[-1]


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
    capital: bool | None

    def __new__(
        cls,
        template: str,
        values: Mapping[str, str] = NO_VALUES,
        *,
        context: str = "",
        forms: Mapping[str, str] = NO_VALUES,
        number: Decimal | int | None = None,
        capital: bool | None = None,
    ) -> Self:
        """Make a message. With `forms` (CLDR's keys) and `number`, the fitting form is shown and
        `template` is the form of one; with `capital` it is said with a capital letter, without,
        where that is said, with a small one."""
        shown = template if number is None else form(forms, number)
        self = super().__new__(cls, finished(filled(shown, values), capital=capital))
        keep = object.__setattr__
        keep(self, "template", template)
        keep(self, "values", values)
        keep(self, "context", context)
        keep(self, "forms", forms)
        keep(self, "number", number)
        keep(self, "capital", capital)
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
    capital: bool | None,
) -> Message:
    return kind(template, values, context=context, forms=forms, number=number, capital=capital)


def capitalised(text: str) -> str:
    """Return a text with a capital letter, in whatever language it is said.

    >>> capitalised("масса по ТТН")
    'Масса по ТТН'
    """
    return _begun(text, capital=True)


def lowered(text: str) -> str:
    """Return a text with a small letter, to stand within a sentence, in whatever language it is
    said.

    >>> lowered(Message("Ждёт ФХП"))
    'ждёт ФХП'
    """
    return _begun(text, capital=False)


def _begun(text: str, *, capital: bool) -> str:
    if not isinstance(text, Message):
        return finished(text, capital=capital)
    return Message(
        text.template,
        text.values,
        context=text.context,
        forms=text.forms,
        number=text.number,
        capital=capital,
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
