"""The card of a record as data: sections of fields, tables and photos.

One template shows any card."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from crm.office.language import said
from engine.model.values import show, show_number

Tone = Literal["", "good", "bad", "warn", "info", "calm"]
NOTHING = "—"
WIDE = 6  # columns of a table that wants the whole width of a desk
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it is shown: text, where it leads, its colour, whether it is a number; `value`
    is what a workbook gets in its place. With `tick` it is a box that chooses the pallet of this
    id, named by the text."""

    text: str
    href: str = ""
    tone: Tone = ""
    number: bool = False
    tick: str = ""
    on: bool = False
    value: Decimal | int | date | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels with values."""

    title: str
    rows: Sequence[tuple[str, Cell]]
    kind: str = "fields"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headers; `empty` is said when there are none."""

    title: str
    headers: Sequence[str | Promise]
    rows: Sequence[Sequence[Cell]]
    empty: str = field(default_factory=lambda: gettext("Записей нет"))
    kind: str = "table"

    @property
    def columns(self) -> list[tuple[str | Promise, bool]]:
        """The headers, each with whether numbers stand under it."""
        return [
            (header, any(row[at].number for row in self.rows))
            for at, header in enumerate(self.headers)
        ]


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture or a file to open: its caption, its link, of a picture that to its small one."""

    caption: str
    href: str
    small: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Photos:
    """Pictures side by side."""

    title: str
    items: Sequence[Photo]
    empty: str = field(default_factory=lambda: gettext("Фото нет"))
    kind: str = "photos"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing that the browser asks for when it comes into sight, and that opens large."""

    title: str
    href: str
    caption: str
    kind: str = "picture"


@dataclass(frozen=True, slots=True)
class Slots:
    """Places side by side: what stands in each, or that it is free. The title may be a link.
    `numbers` are those of the places, when they are not counted from 1 on."""

    title: str
    items: Sequence[Cell]
    href: str = ""
    numbers: Sequence[int] = ()
    kind: str = "slots"

    @property
    def places(self) -> Iterator[tuple[int, Cell]]:
        """Every place by its number."""
        return zip(self.numbers or count(1), self.items, strict=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: its label, and per series the text and the length in per cent."""

    label: str
    series: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars; `legend` names the series."""

    title: str
    legend: Sequence[str]
    rows: Sequence[Bar]
    kind: str = "bars"


@dataclass(frozen=True, slots=True)
class Summed:
    """A place that a page which stands fills by itself, under the titles of what comes there."""

    place: str
    titles: Sequence[str | Promise] = ()
    kind: str = "summed"


@dataclass(frozen=True, slots=True)
class LotCell(Cell):
    """A lot by its id, until the lots of a card are read: `settled` puts its record there."""

    lot: int = 0


@dataclass(frozen=True, slots=True)
class NamedCell(Cell):
    """A record by its kind and key, until `settled` has read those of the whole card."""

    record: tuple[str, str] = ("", "")


Section = Fields | Table | Photos | Picture | Slots | Bars | Summed


@dataclass(frozen=True, slots=True)
class Later:
    """A section of rows that are read together with those of the whole card: `make` gets the
    querysets then."""

    asks: tuple[QuerySet[Any], ...]
    make: Callable[..., Section]


@dataclass(frozen=True, slots=True)
class Command:
    """A button that changes something: asks in a dialog, then POSTs. `reason` asks for a text of so
    many characters."""

    title: str
    action: str
    explanation: str
    confirm: str
    reason: tuple[int, int] | None = None
    tone: Tone = ""
    choose: tuple[str, Sequence[tuple[str, str]]] | None = None  # label, options


@dataclass(frozen=True, slots=True)
class Figure:
    """A number worth being seen first."""

    label: str
    value: str
    unit: str = ""
    tone: Tone = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that a card shows."""

    title: str
    badge: Cell | None = None
    subtitle: str = ""
    figures: Sequence[Figure] = ()
    main: Sequence[Section | Later] = ()
    side: Sequence[Section | Later] = ()

    @property
    def wide(self) -> bool:
        """Tell whether a table of it has too many columns to stand beside something."""
        tables = (one for one in self.main if isinstance(one, Table) and one.rows)
        return any(len(one.headers) >= WIDE for one in tables)


def cell(value: Any, *, decimals: int | None = None, href: str = "", tone: Tone = "") -> Cell:
    """Show any value: numbers with a comma and thin spaces, times in plant time, nothing as «—»."""
    if value is None or value == "":
        return Cell(NOTHING)
    if isinstance(value, bool):
        return Cell(gettext("Да") if value else gettext("Нет"), href, tone)
    if isinstance(value, Decimal | int):
        return Cell(show(value, decimals), href, tone, number=True, value=value)
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return Cell(local.strftime("%d.%m.%Y %H:%M"), href, tone, value=local)
    if isinstance(value, date):
        return Cell(value.strftime("%d.%m.%Y"), href, tone, value=value)
    return Cell(str(value), href, tone)


def kg(value: Decimal | None) -> Cell:
    """Show kilograms with three digits."""
    if value is None:
        return Cell(NOTHING)
    return Cell(show_number(value, 3), number=True, value=value)


def size(count: int) -> str:
    """Say how big a file is.

    >>> size(500), size(20 * 1024), size(3 * 1024 * 1024 + 200_000)
    ('500 Б', '20 КБ', '3,2 МБ')
    """
    if count < 1024:
        return gettext("{count} Б").format(count=count)
    if count < 1024 * 1024:
        return gettext("{count} КБ").format(count=round(count / 1024))
    megabytes = f"{count / 1024 / 1024:.1f}".replace(".", ",")
    return gettext("{count} МБ").format(count=megabytes)


def unit_name(unit: str) -> str:
    """Return a unit of the forms in the reader's language: they write it as a code."""
    return gettext("кг") if unit == "kg" else unit


def measured(value: Decimal, unit: str) -> str:
    """Write a measured value: temperatures with one digit, others with those they have.

    >>> measured(Decimal("-18.000"), "°C")
    '−18,0'
    """
    return show_number(value, 1 if unit == "°C" else None)


def valued(deviation: Any) -> str:
    """Write what was measured, with its unit in the reader's language; no number as it was typed.

    >>> from types import SimpleNamespace as N
    >>> valued(N(value=Decimal("-5.500"), unit="°C")).replace(NO_BREAK, " ")
    '−5,5 °C'
    """
    if deviation.value is None or not deviation.unit:
        return said(deviation.value_said)
    return f"{measured(deviation.value, deviation.unit)}{NO_BREAK}{unit_name(deviation.unit)}"


def bounds(one: Any) -> str:
    """Write the bounds of a measurement, a deviation or a limit, on one line.

    >>> from types import SimpleNamespace as N
    >>> bounds(N(least=None, most=Decimal("-8.000"), unit="°C")).replace(NO_BREAK, " ")
    '≤ −8,0 °C'
    >>> bounds(N(least=Decimal(10), most=Decimal(12), unit="%")).replace(NO_BREAK, " ")
    '10…12 %'
    >>> bounds(N(least=None, most=None, unit=""))
    '—'
    """
    if one.least is None and one.most is None:
        return NOTHING
    unit = f"{NO_BREAK}{unit_name(one.unit)}" if one.unit else ""
    least = "" if one.least is None else measured(one.least, one.unit)
    most = "" if one.most is None else measured(one.most, one.unit)
    if least and most:
        return f"{least}…{most}{unit}"
    return f"≥{NO_BREAK}{least}{unit}" if least else f"≤{NO_BREAK}{most}{unit}"
