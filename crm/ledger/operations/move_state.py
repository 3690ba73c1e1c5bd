"""Change the state of any record by compare-and-set, and keep the change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.db import models
from django.db.models import F
from django.utils import timezone

from crm.at_once import change_and_tell
from crm.by_key import become
from crm.fresh import fresh
from crm.ledger.forms import forms_digest
from crm.ledger.models import StateHistory
from crm.new_rows import insert
from crm.own_lives import must_follow
from crm.prepared import Change, Hole
from crm.whole import whole
from engine.errors import Refusal, Refused
from engine.languages.message import Message

if TYPE_CHECKING:
    from crm.people.models import Person

Values = tuple[Any, ...]  # of all columns of a row, in their order


class Named(Protocol):
    """A record of which history tells: its name there."""

    RECORD: ClassVar[str]
    pk: Any


class Stateful(Named, Protocol):
    """A record with a lifecycle: its name in YAML, its state and its version."""

    state: Any
    version: Any


@whole
def move_state(record: Stateful, transition: str, **change: Any) -> None:
    """Move a record as `change_state` does, and bring it up to date."""
    become(record, change_state(record, transition, **change))


@whole
def change_state(
    record: Stateful,
    transition: str,
    *,
    sources: Collection[str],
    to: str,
    by: Person | None,
    at: datetime,
    reason: str = "",
    values: dict[str, Any] | None = None,
    field: str = "state",
) -> Values:
    """Move a record from one of `sources` to `to`, with further columns in `values`, and write
    history; return its columns as they are now. Its row in hand stays as it was read. `field` is
    the column that holds the state.

    Of two who try at once one wins; the other gets Refused with who was first and when. Raises
    EngineError for a step that the program's own lives do not have (`own_lives`). A raw batch in a
    stock state must have its number (a constraint), so `do:` of `accept` runs before the
    move."""
    if not isinstance(record, models.Model):
        raise TypeError("a record is a row")
    new = values or {}
    change = _move(type(record), field, tuple(new))

    def moved(before: str | None) -> list[Values]:
        if before is None or before not in sources:
            return []
        if field == "state":
            must_follow(record.RECORD, record.pk, before, to)
        history = _line(record, before, to, transition, by=by, at=at, reason=reason)
        return change_and_tell(change, history, pk=record.pk, before=before, to=to, **new)

    before = getattr(record, field)
    rows = moved(before)
    if not rows:  # perhaps it stands elsewhere than when it was read
        row = type(record)._default_manager.select_for_update().filter(pk=record.pk)
        before = row.values_list(field, flat=True).first()
        rows = moved(before)
    if not rows:
        raise Refused(first_by(record))
    return rows[0]


@cache
def _move(model: type[models.Model], field: str, names: tuple[str, ...]) -> Change:
    rows = model._default_manager.filter(
        **{"pk": Hole(model, model._meta.pk.name, "pk"), field: Hole(model, field, "before")}
    )
    return Change(
        lambda: (
            rows,
            {
                "version": F("version") + 1,
                **{name: Hole(model, name) for name in names},
                field: Hole(model, field, "to"),
            },
        ),
        *(column.name for column in model._meta.concrete_fields),
    )


def write_history(
    record: Named,
    before: str,
    after: str,
    transition: str,
    *,
    by: Person | None,
    at: datetime,
    reason: str = "",
) -> None:
    """Keep one change of a record's state or level."""
    insert(_line(record, before, after, transition, by=by, at=at, reason=reason))


def _line(
    record: Named,
    before: str,
    after: str,
    transition: str,
    *,
    by: Person | None,
    at: datetime,
    reason: str,
) -> StateHistory:
    return fresh(
        StateHistory,
        record=record.RECORD,
        record_id=str(record.pk),
        from_state=before,
        to_state=after,
        transition=transition,
        by=by,
        reason=reason,
        at=at,
        digest=forms_digest(),
    )


def first_by(record: Stateful) -> Refusal:
    """Say who changed the record first, and when."""
    last = history_of(record).select_related("by").last()
    if last is None:
        return Refusal("Запись уже изменилась. Откройте её заново")
    values = {
        "who": str(last.by) if last.by else Message("система"),
        "when": timezone.localtime(last.at).strftime("%d.%m %H:%M"),
    }
    return Refusal("Уже сделано: {who}, {when}", values)


def history_of(record: Stateful) -> models.QuerySet[StateHistory]:
    """Return the changes of a record, oldest first."""
    return StateHistory.objects.filter(record=record.RECORD, record_id=str(record.pk)).order_by(
        "at", "id"
    )
