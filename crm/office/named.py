"""What rows name by a code: records by a kind and a key, in histories, tasks and corrected values;
forms.

Start at `Named`: the keys of many rows, read by one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext

from crm.bridge.listing import records
from crm.bridge.program import program
from crm.ledger.event_titles import event_title
from crm.ledger.models import Event
from crm.office.language import own_said, said
from crm.quality.limits import title_of
from crm.quality.models import Hold, LimitVersion
from crm.together import read_together
from crm.work.models import Session, Task
from engine.languages import packed

Key = tuple[str, str]  # the name that history knows a kind by, and the key of the row


class Named:
    """The records of some keys; of a kind without a table, or a row that is no more, nothing."""

    def __init__(self, keys: Iterable[Key]) -> None:
        asked: dict[str, set[str]] = {}
        for kind, pk in keys:
            asked.setdefault(kind, set()).add(pk)
        found = {kind: rows for kind, pks in asked.items() if (rows := _rows(kind, pks))}
        read_together(*found.values())
        self._known = {(kind, str(row.pk)): row for kind, rows in found.items() for row in rows}

    def get(self, kind: str, pk: str) -> Model | None:
        """Return a record."""
        return self._known.get((kind, pk))


def model_of(kind: str) -> type[Model] | None:
    """Return the model of a kind, by the name that history or the model itself has for it."""
    known = records().get(kind)
    if known is not None:
        return known.model
    return apps.get_model(kind) if kind.count(".") == 1 else None


def form_title(flow: str) -> str:
    """Return what the present forms call one of them; of one that they do not have, its code."""
    known = program().flows.get(flow)
    return said(known.title) if known else flow


def called(record: Any) -> str:
    """Return what a record is called: a task, a hold and a limit in the language of the page, as
    their rows keep that of papers; what knows its kind by a code by the title of it."""
    if isinstance(record, LimitVersion):
        title = said(title_of(record.name, record.title or record.name))
        return gettext("{name}, версия {version}").format(name=title, version=record.version)
    if isinstance(record, Hold):
        return f"{record.get_kind_display()}: {own_said(record.reason)}"
    if isinstance(record, Task) and "title" in record.body:
        return said(packed.unpack(record.body["title"]))
    if isinstance(record, Event):
        return event_title(record.kind)
    if isinstance(record, Session):
        return f"{form_title(record.flow)} {str(record.pk)[:8]}"
    return str(record)


@dataclass(frozen=True, slots=True)
class Called:
    """A record for the way that the theme shows above its card: there it stands by its text."""

    record: Any

    def __str__(self) -> str:
        return called(self.record)

    @property
    def pk(self) -> Any:
        """Its key."""
        return self.record.pk

    @property
    def _meta(self) -> Any:
        return self.record._meta


def _rows(kind: str, pks: Iterable[str]) -> QuerySet[Any] | None:
    model, known = model_of(kind), records().get(kind)
    if model is None:
        return None
    rows = known.all() if known is not None else model._default_manager.all()
    return rows.filter(pk__in=[pk for pk in pks if _is_key(model, pk)])


def _is_key(model: type[Model], pk: str) -> bool:
    try:
        model._meta.pk.to_python(pk)
    except ValidationError:  # the key of another table: kinds may have moved
        return False
    return True
