"""What a sheet may be of: people, an entry of a catalogue, recipes, norms; each with its columns,
how its record is found, made and changed — by the operations that the office's pages use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.care.imports.cells import Column, Text, shown_yes_no, yes_no
from crm.people.models import Person

Values = Mapping[str, Any]
REASON = _("импорт из Excel")


@dataclass(frozen=True, slots=True)
class Given:
    """Who takes a workbook over (nobody: the command line) and when."""

    by: Person | None
    at: datetime

    @property
    def reason(self) -> str:
        """What history says of every value that became another."""
        return str(REASON)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet. A record is found by the values of its row (`find`, None: there is none),
    `held` is what it says now by columns, `rows` are all records for the template."""

    title: Text
    columns: tuple[Column, ...]
    may: Callable[[Any], bool]  # an account
    find: Callable[[Values], Any]
    held: Callable[[Any], Values]
    add: Callable[[Given, Values], Any]
    change: Callable[[Given, Any, Values], object]
    rows: Callable[[], Iterable[Any]]

    @property
    def key(self) -> Column:
        """The column that names the record."""
        return self.columns[0]


def active(title: Text) -> Column:
    """Return the column of whether a record is in use."""
    return Column(
        "active", title, yes_no, _("да или нет; пусто: как было, у новой строки — да"),
        show=shown_yes_no,
    )  # fmt: skip
