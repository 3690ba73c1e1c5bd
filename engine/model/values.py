"""What an answer may hold, and how it is shown in Russian.

Kinds of values: None (not given), bool, str, int, Decimal, date, datetime, time, timedelta, Option
(a choice or a catalogue row), Row (a record read from the database), and tuples of them or of
FileRef."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.languages.message import Message, Numeral, listed
from engine.model.files import FileRef
from engine.model.quick import quick

NOTHING = "—"  # what is not given
MINUS = "\N{MINUS SIGN}"
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
FILE = Message("файл")
DAYS, HOURS, MINUTES = Message("{count} д"), Message("{count} ч"), Message("{count} мин")


@dataclass(frozen=True, slots=True)
class Option:
    """One button of a choice or one row of a catalogue.

    `code` is the stored value (a row's id as text); empty for a typed one. `title` is the shown
    text. `new` marks a typed name whose catalogue row is to be made in the saving transaction.
    `number` is a typed number where one may be typed beside the choices."""

    code: str
    title: str
    new: bool = False
    number: Decimal | None = None

    @property
    def typed(self) -> bool:
        """Tell whether a person typed it instead of choosing it."""
        return not self.code

    @property
    def fields(self) -> Mapping[str, Value]:
        """What an expression may read of it: `typed`, the answer typed instead of chosen."""
        typed = self.title if self.number is None else self.number
        return {"typed": typed if self.typed else None}


@quick
@dataclass(frozen=True, slots=True)
class Row:
    """A record as expressions see it: its kind, id, title and fields by their names in the
    Vocabulary."""

    kind: str
    id: str
    title: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The id, so that a row compares with a code like an Option."""
        return self.id


Value = (
    None
    | bool
    | str
    | int
    | Decimal
    | date
    | datetime
    | time
    | timedelta
    | Option
    | Row
    | tuple[FileRef, ...]
    | object
)


def records_in(values: Iterable[object]) -> list[Row]:
    """Return the records among values, also those in lists.

    >>> [row.id for row in records_in([1, Row("mix", "7"), (Row("blank", "3"),)])]
    ['7', '3']
    """
    found: list[Row] = []
    for value in values:
        if isinstance(value, Row):
            found.append(value)
        elif isinstance(value, tuple | list):
            found += records_in(value)
    return found


def show_number(number: Decimal | int, decimals: int | None = None) -> str:
    """Write a number as people read it: comma, thin spaces between thousands, a true minus sign.

    `decimals` fixes the digits after the comma; None keeps those that are there without trailing
    zeros. What is no finite number is «—», not given.

    >>> show_number(Decimal("-5.50"), 1)
    '−5,5'
    >>> show_number(Decimal("18250"), 3).replace(THIN_SPACE, " ")
    '18 250,000'
    """
    value = Decimal(number)
    if not value.is_finite():
        return NOTHING
    if decimals is None:
        text = f"{value.normalize():,f}" if value else "0"
    else:
        text = f"{value:,.{decimals}f}"
    whole, _, rest = text.removeprefix("-").partition(".")
    sign = MINUS if text.startswith("-") else ""
    return sign + whole.replace(",", THIN_SPACE) + ("," + rest if rest else "")


def show_length(length: timedelta) -> str:
    """Write a length of time as people say it, in whole minutes.

    >>> show_length(timedelta(hours=26, minutes=5))
    '1 д 2 ч 5 мин'
    >>> show_length(timedelta(minutes=-90))
    '−1 ч 30 мин'
    """
    minutes = abs(length) // timedelta(minutes=1)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        text.with_values({"count": str(count)})
        for count, text in ((days, DAYS), (hours, HOURS), (rest, MINUTES))
        if count
    ]
    said = listed(parts or [MINUTES.with_values({"count": "0"})], " ")
    sign = MINUS if length < timedelta(0) and parts else ""
    return Message("{sign}{length}", {"sign": sign, "length": said})


def _show_files(files: Iterable[FileRef]) -> str:
    """Write files: how many pictures, and what the others are called."""
    sent = tuple(files)
    pictures = sum(one.is_picture for one in sent)
    counted = [Message("фото: {count}", {"count": str(pictures)})] if pictures else []
    return listed([*counted, *(one.name or FILE for one in sent if not one.is_picture)])


def show(value: Value, decimals: int | None = None) -> str:
    """Write any value as a person reads it; not given is «—». A number knows itself still. A whole
    number that was not measured is a name or a count (a pallet, a freezer): never grouped.

    >>> show(2832), show(Decimal(2832)).replace(THIN_SPACE, " ")
    ('2832', '2 832')
    """
    match value:
        case None:
            return NOTHING
        case bool():
            return Message("Да" if value else "Нет")
        case int() if not decimals:
            return Numeral(f"{value}".replace("-", MINUS), value)
        case Decimal() | int():
            return Numeral(show_number(value, decimals), value)
        case datetime():
            return value.strftime("%d.%m.%Y %H:%M")
        case date():
            return value.strftime("%d.%m.%Y")
        case time():
            return value.strftime("%H:%M")
        case timedelta():
            return show_length(value)
        case Option() | Row():
            return value.title
        case tuple() if value and isinstance(value[0], FileRef):
            return _show_files(one for one in value if isinstance(one, FileRef))
        case tuple():
            return listed(show(item, decimals) for item in value) if value else NOTHING
        case _:
            return str(value)
