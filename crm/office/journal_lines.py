"""The lines of «Журнал» (domain 11.2, 14.10): changes of states, corrected values and acts of
accounts, read from their three tables as one list, the latest first.

A page is asked by the line beside which it begins (a mark) and never by its number: each table
gives its own next rows by its index, so the millionth line costs what the first does. Start at
`page_of`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.audit.models import ValueChange
from crm.audit.operations.overwrite import name_of
from crm.bridge.listing import records
from crm.fields import fold
from crm.ledger.models import StateHistory
from crm.office import parts, past
from crm.office.acts import act_said, listed_said
from crm.office.card import Cell, cell
from crm.office.filters import day_of
from crm.office.language import own_said
from crm.office.search import named
from crm.people.models import Person
from crm.together import read_together

SHOWN = 50  # lines of a page
Change: TypeAlias = StateHistory | ValueChange | LogEntry


class Key(NamedTuple):
    """Where a line stands: by its moment, lines of one moment by their table and their row."""

    at: datetime
    table: int
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.table}~{self.id}"


def key_in(text: str) -> Key | None:
    """Read a key that an address holds; None of anything else."""
    try:
        at, table, row = text.split("~")
        moment = datetime.fromisoformat(at)
        return Key(moment, int(table), int(row)) if timezone.is_aware(moment) else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Kind:
    """A table of the list: its name in an address, what its lines are, the field of the moment."""

    code: str
    title: str | Promise
    model: type[Model]
    along: tuple[str, ...]
    at: str = "at"


KINDS = (
    Kind("state", _("Смена состояния"), StateHistory, ("by",)),
    Kind("value", _("Исправленное значение"), ValueChange, ("by",)),
    Kind("act", _("Действие в офисе"), LogEntry, ("user__person", "content_type"), "action_time"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are wanted: whose, of which kind, of which kind of record, of which record, from
    and to which day."""

    who: str = ""
    kind: str = ""
    record: str = ""
    number: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Wanted:
        """Read an address; what it names wrongly narrows nothing."""
        kind, record = query.get("kind", ""), query.get("record", "")
        return cls(
            who=query.get("who", "").strip(),
            kind=kind if kind in {one.code for one in KINDS} else "",
            record=record if record in models() else "",
            number=query.get("number", "").strip(),
            first=day_of(query.get("from")),
            last=day_of(query.get("to")),
        )

    def tables(self) -> list[tuple[int, QuerySet[Any]]]:
        """Return the wanted rows of each table that may have some, in no order."""
        taken = [_whose(self.who)] if self.who else []
        taken += [_of_kind(self.record)] if self.record else []
        taken += [_of_records(named(self.number, timezone.now()))] if self.number else []
        found = []
        for at, kind in enumerate(KINDS):
            if self.kind in ("", kind.code):
                mine = Q()
                for one in taken:
                    mine &= one[kind.code]
                rows = kind.model._default_manager.filter(mine, **self._days(kind.at))
                found.append((at, rows.order_by().select_related(*kind.along)))
        return found

    def count(self, most: int) -> int:
        """Return how many lines there are, up to about a number of each table."""
        return sum(rows.values("pk")[:most].count() for _table, rows in self.tables())

    def _days(self, field: str) -> dict[str, datetime]:
        bounds = {}
        if self.first:
            bounds[f"{field}__gte"] = _begin(self.first)
        if self.last:
            bounds[f"{field}__lt"] = _begin(self.last + timedelta(days=1))
        return bounds


@dataclass(frozen=True, slots=True)
class Line:
    """What happened: when, of which kind, what, to which record, who did it, what became of what,
    why."""

    key: Key
    kind: str | Promise
    what: str
    subject: Cell
    who: Cell
    old: str = ""
    new: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and beside which lines the newer and the older ones begin, if there are any."""

    lines: list[Line]
    newer: Key | None
    older: Key | None


def page_of(wanted: Wanted, beside: Key | None = None, *, back: bool = False) -> Page:
    """Return the lines below one, or, `back`, those above it; without it the first or the last."""
    found, more = _beside(wanted, beside, SHOWN, up=back)
    if back:
        found.reverse()
    if not found:
        return Page([], None, None)
    first, last = found[0][0], found[-1][0]
    newer = first if (more if back else beside is not None) else None
    older = last if (beside is not None if back else more) else None
    return Page(_told(found), newer, older)


def lines_of(wanted: Wanted, at_once: int) -> Iterator[list[Line]]:
    """Give all wanted lines, so many at a time."""
    beside, more = None, True
    while more:
        found, more = _beside(wanted, beside, at_once, up=False)
        if found:
            beside = found[-1][0]
            yield _told(found)


@cache
def models() -> Mapping[str, type[Model]]:
    """Return the kinds of records by the names that histories know."""
    return {name_of(one): one for one in apps.get_models()}


def _beside(
    wanted: Wanted, beside: Key | None, count: int, *, up: bool
) -> tuple[list[tuple[Key, Change]], bool]:
    """Return the next rows of all tables from a line on, and whether there are more."""
    asked = []
    for table, rows in wanted.tables():
        field, sign = KINDS[table].at, "" if up else "-"
        onward = _past(beside, table, field, up=up) if beside else Q()
        ordered = rows.filter(onward).order_by(f"{sign}{field}", f"{sign}id")
        asked.append((table, ordered[: count + 1]))
    read_together(*(rows for _table, rows in asked))
    found = [
        (Key(getattr(row, KINDS[table].at), table, row.pk), row)
        for table, rows in asked
        for row in rows
    ]
    found.sort(key=lambda one: one[0], reverse=not up)
    return found[:count], len(found) > count


def _past(beside: Key, table: int, field: str, *, up: bool) -> Q:
    """Return which rows of a table stand beyond a line; the plain bound is what an index takes."""
    beyond, within = ("gt", "gte") if up else ("lt", "lte")
    strictly = Q(**{f"{field}__{beyond}": beside.at})
    if table == beside.table:
        same = strictly | Q(**{f"id__{beyond}": beside.id})
        return Q(**{f"{field}__{within}": beside.at}) & same
    comes_after = table > beside.table if up else table < beside.table
    return Q(**{f"{field}__{within}": beside.at}) if comes_after else strictly


def _told(found: list[tuple[Key, Change]]) -> list[Line]:
    """Return rows as lines, with the records that they are about read by one statement."""
    subjects = _subjects(row for _key, row in found)
    moved = {row.record for _key, row in found if isinstance(row, StateHistory)}
    titles = {one: past.states_named(one, models().get(one, StateHistory)) for one in moved}
    return [_line(key, row, subjects, titles) for key, row in found]


def _line(
    key: Key,
    row: Change,
    subjects: Mapping[tuple[str, str], Cell],
    titles: Mapping[str, Mapping[str, str]],
) -> Line:
    made = partial(Line, key, KINDS[key.table].title)
    if isinstance(row, LogEntry):
        what = act_said(row.get_change_message()) or gettext("Добавлено")
        return made(what, _logged(row), cell(_account(row.user)))
    known = (row.record, row.record_id)
    subject = subjects.get(known) or cell(" ".join(known))
    who = cell(row.by or gettext("система"))
    if isinstance(row, ValueChange):
        model = models().get(row.record, type(row))
        old, new = past.both(row, model)
        return made(past.label(row, model), subject, who, old, new, own_said(row.reason))
    states = titles[row.record]
    old, new = (states.get(one, one) for one in (row.from_state, row.to_state))
    what = past.transition_title(row) or str(KINDS[key.table].title)
    return made(what, subject, who, old, new, own_said(row.reason))


def _logged(row: LogEntry) -> Cell:
    """Show the record of an act as it was called then, with its kind; of a list its title."""
    kind = row.content_type.model_class() if row.content_type else None
    if not row.object_id or kind is None:
        return cell(listed_said(row.object_repr))
    name = str(kind._meta.verbose_name)
    title = f"{name[:1].upper()}{name[1:]} {row.object_repr}"
    return cell(title, href=row.get_admin_url() or "")


def _account(user: User) -> str:
    """Return whose account it is; of one without a person, its name."""
    person = getattr(user, "person", None)
    return str(person or user)


def _subjects(rows: Iterator[Change]) -> dict[tuple[str, str], Cell]:
    about = sorted({(row.record, row.record_id) for row in rows if not isinstance(row, LogEntry)})
    known, asked = models(), []
    for record, keys in groupby(about, key=lambda one: one[0]):
        if record in known:
            kind = records().get(record)
            all_of_it = kind.all() if kind else known[record]._default_manager.all()
            asked.append(all_of_it.prefetch_related(None).filter(pk__in=[key for _, key in keys]))
    read_together(*asked)
    return {
        (name_of(type(one)), str(one.pk)): parts.kind_cell(one) for rows in asked for one in rows
    }


def _whose(who: str) -> dict[str, Q]:
    """Return what narrows each table to those whose name has these letters, and to an account."""
    account = Q(user__username__iexact=who)
    people = Person.objects.filter(Q(name_key__contains=fold(who)) | account)
    ids, accounts = [], [*User.objects.filter(username__iexact=who).values_list("pk", flat=True)]
    for person, user in people.values_list("pk", "user"):
        ids.append(person)
        accounts += [user] if user else []
    return {"state": Q(by__in=ids), "value": Q(by__in=ids), "act": Q(user__in=accounts)}


def _of_kind(record: str) -> dict[str, Q]:
    told, opts = Q(record=record), models()[record]._meta
    act = Q(content_type__app_label=opts.app_label, content_type__model=opts.model_name)
    return {"state": told, "value": told, "act": act}


def _of_records(found: list[Model]) -> dict[str, Q]:
    """Return what narrows each table to some records; without any nothing is left."""
    told = act = Q(pk__in=[])
    for one in found:
        told |= Q(record=name_of(type(one)), record_id=str(one.pk))
        opts, key = one._meta, str(one.pk)
        act |= Q(content_type__app_label=opts.app_label, content_type__model=opts.model_name,
                 object_id=key)  # fmt: skip
    return {"state": told, "value": told, "act": act}


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
