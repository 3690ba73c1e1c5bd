"""Cells of a filled workbook as values of columns, and what is said of those that are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.fields import fold
from engine.documents.filled import Failed, Formula, Merged, Typed
from engine.model.values import show_number

Text = str | Promise
YES, NO = _("да"), _("нет")
TAX_DIGITS = (10, 12)


class Wrong(Exception):
    """A cell, or a row, that cannot be taken over: what is wrong, and what to do."""

    def __init__(self, what: str, hint: str, column: str = "") -> None:
        super().__init__(what)
        self.what, self.hint, self.column = what, hint, column


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name among the values, its title, how a cell of it is read and shown."""

    name: str
    title: Text
    read: Callable[[Typed], Any]
    help: Text
    required: bool = False
    show: Callable[[Any], str] = str


def field_of(model: type[Model], name: str) -> Field[Any, Any]:
    """Return a column of a table."""
    found = model._meta.get_field(name)
    if not isinstance(found, Field):
        raise TypeError(f"{name} is no column")
    return found


def spellings(text: Text) -> set[str]:
    """Return a text in every language of the program, folded: a workbook may be of any."""
    found = set()
    for code, _title in settings.LANGUAGES:
        with translation.override(code):
            found.add(fold(str(text)))
    return found


def text_of(value: Typed) -> str:
    """Return a cell as a text: a number as it was typed. Raises Wrong for what has no value."""
    match value:
        case Formula():
            raise Wrong(gettext("стоит формула"), gettext("Вставьте значение"))
        case Failed(text):
            raise Wrong(
                gettext("стоит ошибка Excel {text}").format(text=text), gettext("Вставьте значение")
            )
        case Merged():
            raise Wrong(
                gettext("ячейка объединена с другой"),
                gettext("Разъедините ячейки и впишите значение в каждую"),
            )
    if isinstance(value, Decimal):
        return f"{value:f}".removesuffix(".0")
    if isinstance(value, bool):
        return str(YES if value else NO)
    return "" if value is None else str(value)


def text(field: Field[Any, Any]) -> Callable[[Typed], str]:
    """Read a text that fits into a column of a table."""

    def read(value: Typed) -> str:
        found = text_of(value)
        most = field.max_length or len(found)
        if len(found) > most:
            raise Wrong(
                gettext("длиннее {most} знаков").format(most=most), gettext("Сократите текст")
            )
        return found

    return read


def number(field: Field[Any, Any]) -> Callable[[Typed], Any]:
    """Read a number as a column of a table takes it, with whatever it checks."""

    def read(value: Typed) -> Any:
        found = text_of(value).replace(",", ".").replace(" ", "").removesuffix("%")
        try:
            return field.clean(found, None)
        except ValidationError as error:
            raise Wrong(
                gettext("«{value}»: {why}").format(
                    value=text_of(value), why=" ".join(error.messages)
                ),
                gettext("Исправьте число"),
            ) from None

    return read


def tax_no(value: Typed) -> str:
    """Read the number of a taxpayer: Excel takes a zero in front of a number away."""
    found = text_of(value)
    if not found.isdecimal() or len(found) not in TAX_DIGITS:
        raise Wrong(
            gettext("ИНН «{value}»: нужны 10 или 12 цифр").format(value=found),
            gettext("Если пропал ноль впереди, сделайте ячейку текстовой и впишите его"),
        )
    return found


def choice(options: Mapping[Any, Text]) -> Callable[[Typed], Any]:
    """Read one of some options by its title or its code."""

    def read(value: Typed) -> Any:
        return chosen(text_of(value), options)

    return read


def chosen(typed: str, options: Mapping[Any, Text]) -> Any:
    """Return the option that a text names in any language. Raises Wrong."""
    for one, title in options.items():
        if fold(typed) in {fold(str(one)), *spellings(title)}:
            return one
    titles = [str(title) for title in options.values()]
    near = get_close_matches(typed, titles, n=1)
    hint = gettext("Возможно, «{near}»?").format(near=near[0]) if near else ""
    all_of = gettext("Есть: {titles}").format(titles=", ".join(titles))
    raise Wrong(gettext("нет такого: «{value}»").format(value=typed), hint or all_of)


def yes_no(value: Typed) -> bool:
    """Read «да» or «нет»."""
    return bool(choice({True: YES, False: NO})(value))


def shown_yes_no(value: bool) -> str:
    """Show «да» or «нет»."""
    return str(YES if value else NO)


def shown_number(value: Any) -> str:
    """Show a number as people read it, without a sign for none."""
    return "" if value is None else show_number(value)
