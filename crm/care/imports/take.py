"""A workbook of people and catalogues taken over, or shown beforehand (issue E).

What it would change is not foretold: it is done within one transaction, row by row, and undone
unless it is to stay. One row that is wrong keeps all of them out. Two workbooks are taken over one
after the other: of a person no column is unique by which the database would refuse him twice.
Start at `take_over`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import DatabaseError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.care.imports.catalogue import ENTRIES, NORMS, RECIPES
from crm.care.imports.cells import Column, Wrong, spellings
from crm.care.imports.kinds import Given, Kind, Values
from crm.care.imports.people import PEOPLE
from crm.fields import fold
from crm.one_by_one import Alone, one_by_one
from engine.documents.filled import Filled, Typed
from engine.errors import Refused

KINDS = (PEOPLE, *ENTRIES, RECIPES, NORMS)  # in this order: a norm may be of a new recipe
GUIDE = _("Как заполнять")  # the sheet that explains the others
NEW, CHANGED, SAME = "new", "changed", "same"
_NUMBERED = re.compile(r"(.+) ([2-9]|[1-9][0-9])")  # a further sheet of a kind
Say = Callable[[str], str]  # a refusal in the language of the reader


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where, and what to do: sheet, row and column as the file has them."""

    sheet: str
    what: str
    hint: str
    row: int = 1
    column: str = ""

    def __str__(self) -> str:
        where = gettext("лист «{sheet}», строка {row}").format(sheet=self.sheet, row=self.row)
        if self.column:
            where += gettext(", столбец «{column}»").format(column=self.column)
        return f"{where}: {self.what}. {self.hint}"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that becomes another, as texts."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of a row: `what` is NEW, CHANGED or SAME."""

    sheet: str
    row: int
    name: str
    what: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What a workbook does, or why none of it is done; `applied` tells that it was."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    applied: bool = False

    @property
    def digest(self) -> str:
        """What was shown, in short: whoever applies it says what he has seen."""
        return hashlib.sha256(repr(self.lines).encode()).hexdigest()

    def count(self, what: str) -> int:
        """How many rows are new, changed, or the same."""
        return sum(line.what == what for line in self.lines)


@dataclass(slots=True)
class _Work:
    """One workbook on its way."""

    given: Given
    say: Say
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: dict[tuple[str, object], tuple[str, int]] = field(default_factory=dict)


class _Undo(Exception):
    """Raised to leave nothing of what was done."""


def take_over(
    sheets: tuple[Filled, ...],
    given: Given,
    *,
    may: Callable[[Kind], bool],
    say: Say,
    seen: str | None = None,
) -> Taken:
    """Take the sheets over and return what became of each row. Nothing stays when a row is wrong,
    and nothing but what was shown: `seen` is the digest of the preview, None asks for one."""
    work = _Work(given, say)
    applied = False
    try:
        with transaction.atomic():
            one_by_one(Alone.IMPORT)
            for kind, sheet in _known(work, sheets, may):
                _take_sheet(work, kind, sheet)
            made = Taken(tuple(work.lines), tuple(work.faults))
            if made.faults or seen != made.digest:
                raise _Undo
            applied = True
    except _Undo:
        applied = False
    return Taken(tuple(work.lines), tuple(work.faults), applied)


def _known(
    work: _Work, sheets: tuple[Filled, ...], may: Callable[[Kind], bool]
) -> Iterator[tuple[Kind, Filled]]:
    by_name = {name: kind for kind in KINDS for name in spellings(kind.title)}
    found: dict[tuple[int, int], Filled] = {}
    guide = spellings(GUIDE)
    for sheet in sheets:
        name, number = _numbered(fold(sheet.title))
        kind = by_name.get(name)
        if kind is None:
            if fold(sheet.title) not in guide:
                titles = ", ".join(str(one.title) for one in KINDS)
                hint = gettext("Листы называются так: {titles}").format(titles=titles)
                work.faults.append(Fault(sheet.title, gettext("неизвестный лист"), hint))
        elif not may(kind):
            hint = gettext("Уберите этот лист или попросите того, у кого есть право")
            what = gettext("у вас нет права менять эти записи")
            work.faults.append(Fault(sheet.title, what, hint))
        elif (KINDS.index(kind), number) in found:
            hint = gettext("Оставьте один")
            work.faults.append(Fault(sheet.title, gettext("таких листов два"), hint))
        else:
            found[KINDS.index(kind), number] = sheet
    if not found and not work.faults:
        hint = gettext("Скачайте шаблон и заполните его")
        work.faults.append(Fault("—", gettext("в книге нет ни одной строки"), hint))
    for at in sorted(found):
        yield KINDS[at[0]], found[at]


def titled(title: str, number: int) -> str:
    """Return the title of a sheet of a kind of which there is more than one sheet takes."""
    return title if number == 1 else f"{title} {number}"


def _numbered(title: str) -> tuple[str, int]:
    found = _NUMBERED.fullmatch(title)
    return (found[1], int(found[2])) if found else (title, 1)


def _take_sheet(work: _Work, kind: Kind, sheet: Filled) -> None:
    columns = _columns(work, kind, sheet)
    if columns is None:
        return
    for row, cells in sheet.rows:
        try:
            values = dict(_values(columns, cells))
            if kind.key.name not in values:
                raise _empty(kind.key)
            _once(work, kind, (sheet.title, row), values[kind.key.name])
            with transaction.atomic():
                work.lines.append(_take_row(work.given, kind, sheet.title, row, values))
        except Wrong as wrong:
            column = next(
                (str(one.title) for one in kind.columns if one.name == wrong.column), wrong.column
            )
            work.faults.append(Fault(sheet.title, wrong.what, wrong.hint, row, column))
        except Refused as refused:
            hint = gettext("Исправьте строку")
            what = work.say(refused.refusal.said)
            work.faults.append(Fault(sheet.title, what, hint, row))
        except DatabaseError as error:
            hint = gettext("Измените эту запись в офисе и уберите строку")
            what = gettext("база не приняла строку: {why}").format(why=str(error).splitlines()[0])
            work.faults.append(Fault(sheet.title, what, hint, row))


def _columns(work: _Work, kind: Kind, sheet: Filled) -> list[Column | None] | None:
    """Return which column of the kind stands at each place of the sheet; None when one is of
    another kind or the key is missing."""
    by_name = {name: one for one in kind.columns for name in spellings(one.title)}
    columns: list[Column | None] = [by_name.get(fold(title)) for title in sheet.titles]
    known = gettext("Столбцы называются так: {titles}").format(
        titles=", ".join(str(one.title) for one in kind.columns)
    )
    before = len(work.faults)
    for at, (title, column) in enumerate(zip(sheet.titles, columns, strict=True)):
        if title and column is None:
            work.faults.append(
                Fault(sheet.title, gettext("неизвестный столбец"), known, column=title)
            )
        elif column is not None and column in columns[:at]:
            work.faults.append(
                Fault(sheet.title, gettext("столбец стоит дважды"), known, column=title)
            )
    if kind.key not in columns:
        title = str(kind.key.title)
        work.faults.append(Fault(sheet.title, gettext("столбца нет"), known, column=title))
    return columns if len(work.faults) == before else None


def _values(columns: list[Column | None], cells: tuple[Typed, ...]) -> Iterator[tuple[str, object]]:
    """Give the values of a row by columns; an empty cell says nothing."""
    for column, cell in zip(columns, cells, strict=False):
        if cell is None:
            continue
        if column is None:
            raise Wrong(gettext("значение стоит под пустым заголовком"), gettext("Уберите его"))
        try:
            yield column.name, column.read(cell)
        except Wrong as wrong:
            raise Wrong(wrong.what, wrong.hint, column.name) from None


def _empty(column: Column) -> Wrong:
    return Wrong(gettext("ячейка пуста"), gettext("Заполните её"), column.name)


def _once(work: _Work, kind: Kind, place: tuple[str, int], key: object) -> None:
    known = str(kind.title), fold(key) if isinstance(key, str) else key
    if known in work.seen:
        sheet, row = work.seen[known]
        what = gettext("то же, что в строке {row}").format(row=row)
        if sheet != place[0]:
            what += gettext(" листа «{sheet}»").format(sheet=sheet)
        raise Wrong(what, gettext("Оставьте одну из строк"))
    work.seen[known] = place


def _take_row(given: Given, kind: Kind, sheet: str, row: int, values: Values) -> Line:
    record = kind.find(values)
    shown = {one.name: one for one in kind.columns}
    name = shown[kind.key.name].show(values[kind.key.name])
    if record is None:
        for one in kind.columns:
            if one.required and one.name not in values:
                raise _empty(one)
        kind.add(given, values)
        return Line(sheet, row, name, NEW, tuple(_changes(shown, {}, values)))
    held = kind.held(record)
    others = {
        one: value for one, value in values.items() if one != kind.key.name and held[one] != value
    }
    if not others:
        return Line(sheet, row, name, SAME)
    kind.change(given, record, others)
    return Line(sheet, row, name, CHANGED, tuple(_changes(shown, held, others)))


def _changes(
    shown: Mapping[str, Column], held: Mapping[str, object], values: Values
) -> Iterator[Change]:
    for name, value in values.items():
        old = held.get(name)
        before = "" if old is None else shown[name].show(old)
        yield Change(str(shown[name].title), before, shown[name].show(value))
