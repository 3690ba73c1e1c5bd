"""Correct values of a record and keep what they were (domain 5 (6), 11.4, 14.10.1).

`overwrite` does both; where values are written in another way, `differing` says before what will
change, and `keep` keeps it after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from crm.audit.models import ValueChange
from crm.ledger.forms import forms_digest
from crm.new_rows import insert_all

if TYPE_CHECKING:
    from crm.people.models import Person

LONGEST = 500  # characters of a value that are kept


@dataclass(frozen=True, slots=True)
class Why:
    """Who overwrites (None: the system), when, for what reason (of a form: none)."""

    by: Person | None
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that becomes another, both as texts; `first` tells that there was none before."""

    field: str
    old: str
    new: str
    first: bool = False


def overwrite(
    record: Model,
    values: Mapping[str, Any],
    why: Why,
    *,
    about: Model | None = None,
    part: str = "",
) -> None:
    """Write values into the columns of a record and keep what they replace: one that was never
    given before replaces nothing. `about` is the record to whose history it belongs, where the row
    itself is but its line `part`."""
    found = [one for one in differing(record, values) if not one.first]
    for name, value in values.items():
        setattr(record, name, value)
    record.save(update_fields=[*values])
    keep(about or record, found, why, part=part)


def differing(record: Model, values: Mapping[str, Any]) -> list[Difference]:
    """Return which values are others than those of a record."""
    found = []
    for name, value in values.items():
        before = getattr(record, name)
        old, new = said_of(before), said_of(value)
        if before != value and old != new:
            found.append(Difference(name, old, new, first=before is None))
    return found


def keep(record: Model, found: Sequence[Difference], why: Why, *, part: str = "") -> None:
    """Keep what was overwritten."""
    insert_all(
        [
            ValueChange(
                record=name_of(type(record)),
                record_id=str(record.pk),
                part=part,
                field=one.field,
                old=one.old,
                new=one.new,
                by=why.by,
                reason=why.reason,
                at=why.at,
                digest=forms_digest(),
            )
            for one in found
        ]
    )


def name_of(model: type[Model]) -> str:
    """Return how history names a kind of record."""
    return str(getattr(model, "RECORD", model._meta.label_lower))


def said_of(value: Any) -> str:
    """Return a value as it is kept.

    >>> said_of(Decimal("890.500")), said_of(None), said_of(True), said_of(date(2026, 11, 26))
    ('890.5', '', 'true', '2026-11-26')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)[:LONGEST]
