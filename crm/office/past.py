"""What was of a record: its changes of state and its corrected values, told from what to what.

Start at `told`; the panel of a card is `parts.history`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.audit.models import ValueChange
from crm.audit.operations.overwrite import name_of, said_of
from crm.bridge.program import program
from crm.bridge.waits import waits_of
from crm.catalogue.models import Recipe, RecipeVersion
from crm.fields import FixedField, KgField
from crm.ledger.models import StateHistory
from crm.ledger.stock import physical
from crm.office.card import NOTHING, cell, kg
from crm.office.language import own_said, said
from crm.office.roles import title
from crm.production.models import Blank, BlankItem, MincedOrder, OrderItem, Pallet, PalletItem
from crm.quality.models import Hold
from engine.schema.lifecycle import Lifecycle

Titles = Mapping[str, str]
# What happens to a hold that stays: no form names it.
OF_HOLDS: Mapping[str, str | Promise] = {
    "ask_release": _("Просят снять"),
    "decline_release": _("Снять отказано"),
}
LINES: Mapping[str, type[models.Model]] = {
    MincedOrder.RECORD: OrderItem,
    Blank.RECORD: BlankItem,
    Pallet.RECORD: PalletItem,
}  # of which rows the lines of a record are


def states_of(record: Any) -> QuerySet[StateHistory]:
    """Return the changes of a record's states, oldest first; of one without a lifecycle none."""
    rows = StateHistory.objects.filter(record=name_of(type(record)), record_id=str(record.pk))
    return rows.select_related("by").order_by("at", "id")


def values_of(record: Any) -> QuerySet[ValueChange]:
    """Return the corrected values of a record, oldest first."""
    rows = ValueChange.objects.filter(record=name_of(type(record)), record_id=str(record.pk))
    return rows.select_related("by").order_by("at", "id")


def latest(kind: str, ids: Collection[str]) -> dict[str, datetime]:
    """Return when something last happened to records of a kind, in one query."""
    states = StateHistory.objects.filter(record=kind, record_id__in=ids).order_by()
    values = ValueChange.objects.filter(record=kind, record_id__in=ids).order_by()
    lines = states.values_list("record_id", "at").union(values.values_list("record_id", "at"))
    found: dict[str, datetime] = {}
    for key, at in lines:
        found[key] = max(at, found.get(key, at))
    return found


def mark(record: Any) -> str:
    """Return what tells the present of a record from any later one: the last line of its histories,
    of a recipe its last version, and how much of a lot is in store."""
    rows: list[QuerySet[Any]] = [states_of(record), values_of(record)]
    if isinstance(record, Recipe):
        rows.append(RecipeVersion.objects.filter(recipe=record))
    lines = [one.order_by("-id").values_list("id", flat=True).first() for one in rows]
    stored = ""
    if getattr(record, "lot", None) is not None and record.lot.kind == name_of(type(record)):
        stored = said_of(physical(record.lot_id))
    return " ".join(str(one or "-") for one in (*lines, stored))


def told(
    record: Any, states: Iterable[StateHistory], values: Iterable[ValueChange], titles: Titles
) -> list[tuple[datetime, str]]:
    """Return the moments of a record with what happened then: from what to what, by whom, why."""
    found = [(one.at, signed(moved(one, titles), one)) for one in states]
    found += [(one.at, signed(corrected(one, type(record)), one)) for one in values]
    return sorted(found, key=lambda line: line[0])


def moved(change: StateHistory, titles: Titles) -> str:
    """Say which state became which, of what where a record has two; where it stayed, what was
    done."""
    to = titles.get(change.to_state, change.to_state)
    if change.from_state == change.to_state:
        return transition_title(change) or to
    was = titles.get(change.from_state, change.from_state) or NOTHING
    life = _life_of(change)
    if life is None or life.field == "state":
        return f"{was} → {to}"
    return f"{said(life.title)}: {was} → {to}"


def states_named(kind: str, model: type[models.Model]) -> dict[str, str]:
    """Return what the states of a kind of record are called by its model and the present forms."""
    by_model = {one.value: str(one.label) for one in getattr(model, "State", ())}
    by_forms = {
        state: said(machine.title(state))
        for machine in program().lifecycles.values()
        if machine.lifecycle.record == kind
        for state in machine.lifecycle.states
    }
    return by_model | by_forms


def transition_title(change: StateHistory) -> str:
    """Return what the present forms, or the program of a hold, call a transition; nothing when
    neither has it."""
    if change.record == Hold.RECORD:
        return str(OF_HOLDS.get(change.transition, ""))
    life = _life_of(change)
    return said(life.title_of(change.transition)) if life else ""


def _life_of(change: StateHistory) -> Lifecycle | None:
    """Return the lifecycle of the present forms by which a record moved."""
    lives = (one.lifecycle for one in program().lifecycles.values())
    mine = (one for one in lives if one.record == change.record)
    return next((one for one in mine if change.transition in one.transitions), None)


def wait_said(record: str, why: str | None) -> str:
    """Say what a record waits for, which is kept in Russian, as the present forms say it to the
    reader; a reason with values in it stays as it was kept. Nothing when it waits for nothing."""
    if not why:
        return ""
    return said(waits_of(program()).get((record, why), why))


def corrected(change: ValueChange, model: type[models.Model]) -> str:
    """Say which value became which."""
    old, new = both(change, model)
    return f"{label(change, model)}: {old} → {new}"


def label(change: ValueChange, model: type[models.Model]) -> str:
    """Return what the value is called, with the line that it is of."""
    field = _field(change, model)
    name = str(getattr(field, "verbose_name", change.field))
    if isinstance(field, models.ManyToOneRel):
        name = str(field.related_model._meta.verbose_name_plural)
    name = f"{name[:1].upper()}{name[1:]}"
    return f"{change.part}, {name}" if change.part else name


def both(change: ValueChange, model: type[models.Model]) -> tuple[str, str]:
    """Return the old and the new value as people read them."""
    field = _field(change, model)
    return _shown(field, change.old), _shown(field, change.new)


def signed(text: str, change: StateHistory | ValueChange) -> str:
    """Add by whom and why."""
    who = str(change.by) if change.by else gettext("система")
    return f"{text}. {who}{f': {own_said(change.reason)}' if change.reason else ''}"


def _field(change: ValueChange, model: type[models.Model]) -> Any:
    rows = LINES.get(change.record, model) if change.part else model
    try:
        return rows._meta.get_field(change.field)
    except FieldDoesNotExist:  # a column that a later version took away
        return None


def _shown(field: Any, text: str) -> str:
    if not text or field is None:
        return text or NOTHING
    if isinstance(field, models.ManyToOneRel):  # the roles of a person
        return ", ".join(title(role) for role in text.split(", "))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(text, text))
    if isinstance(field, models.BooleanField):
        return cell(text == "true").text
    if isinstance(field, models.DateTimeField):
        return cell(parse_datetime(text)).text
    if isinstance(field, models.DateField):
        return cell(parse_date(text)).text
    if isinstance(field, KgField):
        return kg(Decimal(text)).text
    return cell(Decimal(text)).text if isinstance(field, FixedField) else text
