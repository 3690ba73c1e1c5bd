"""What a correction will change: it is done, what it wrote is read, and all of it is undone.

Rows say when they were written, so what was written at the moment of the correction is its own;
places and reservations are compared with those before. Start at `preview`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.audit.models import ValueChange
from crm.bridge.listing import records
from crm.bridge.program import program
from crm.catalogue.models import RecipeVersion
from crm.catalogue.models.recipe import PARTS
from crm.catalogue.operations.new_guide import guide_of
from crm.documents.models import Document
from crm.ledger.models import Edge, Posting, Reservation, StateHistory
from crm.office import parts, past
from crm.office.card import Cell, Section, Table, bounds, cell, kg
from crm.office.editions import with_ends
from crm.office.language import said
from crm.office.named import called
from crm.office.standards import case_of
from crm.outbox.models import Notice
from crm.production.models import Place
from crm.quality.limits import title_of
from crm.quality.models import Hold, LimitVersion
from crm.quality.norms import norms_of, norms_text
from crm.work.models import Task
from engine.model.values import show_number
from engine.run.around import resource_title

Reserved = dict[int, Decimal]
Held = dict[tuple[str, int], Place]

TOLD_APART = (Task.RECORD, Hold.RECORD)  # each in a table of its own


@transaction.atomic
def preview(do: Callable[[], object], at: datetime) -> list[Section]:
    """Do something at a moment of its own, read what it changed, and undo it. Raises Refused."""
    reserved, held = _reserved(), _held()
    with transaction.atomic():
        do()
        found = [
            _states(at),
            _values(at),
            _postings(at),
            _origins(at),
            _reservations(reserved, _reserved()),
            _places(held, _held()),
            _tasks(at),
            _holds(at),
            _standards(at),
            _notices(at),
        ]
        transaction.set_rollback(True)
    return [section for section in found if section.rows]


def _states(at: datetime) -> Table:
    kinds = {kind: record.all() for kind, record in records().items()}
    kinds[Document.RECORD] = Document.objects.all()
    changes = StateHistory.objects.filter(at=at, record__in=kinds).exclude(record__in=TOLD_APART)
    rows = []
    for change in changes.order_by("pk"):
        record = kinds[change.record].get(pk=change.record_id)
        titles = past.states_named(change.record, type(record))
        rows.append(
            (
                parts.kind_cell(record),
                cell(titles.get(change.from_state, gettext("Новая"))),
                cell(_becomes(change, titles)),
            )
        )
    return Table(gettext("Что станет с записями"), ("", _("Сейчас"), _("Станет")), rows)


def _becomes(change: StateHistory, titles: Mapping[str, str]) -> str:
    """Say the state that is reached; where it stays, what was done."""
    done = past.transition_title(change) if change.from_state == change.to_state else ""
    return done or titles.get(change.to_state, change.to_state)


def _values(at: datetime) -> Table:
    rows = []
    for change in ValueChange.objects.filter(at=at, record__in=records()).order_by("pk"):
        record = records()[change.record].all().get(pk=change.record_id)
        what = cell(past.label(change, type(record)))
        old, new = past.both(change, type(record))
        rows.append((parts.kind_cell(record), what, cell(old), cell(new)))
    headers = ("", _("Что"), _("Сейчас"), _("Станет"))
    return Table(gettext("Что исправится"), headers, rows)


def _postings(at: datetime) -> Table:
    found = list(Posting.objects.filter(event__occurred_at=at).order_by("pk"))
    lots = parts.lots_by_id(one.lot_id for one in found)
    rows = [
        (parts.lot_cell(lots[one.lot_id]), cell(one.get_account_display()), kg(one.kg))
        for one in found
    ]
    return Table(gettext("Проводки"), (_("Лот"), _("Счёт"), _("кг")), rows)


def _origins(at: datetime) -> Table:
    found = list(Edge.objects.filter(event__occurred_at=at, kg__gt=0).order_by("pk"))
    lots = parts.lots_by_id(lot for one in found for lot in (one.parent_id, one.child_id))
    rows = [
        (parts.lot_cell(lots[one.parent_id]), parts.lot_cell(lots[one.child_id]), kg(one.kg))
        for one in found
    ]
    return Table(gettext("Происхождение"), (_("Из чего"), _("Что"), _("кг")), rows)


def _reserved() -> Reserved:
    found: Reserved = {}
    for lot, kilograms in Reservation.objects.values_list("lot", "kg"):
        found[lot] = found.get(lot, Decimal(0)) + kilograms
    return found


def _reservations(before: Reserved, after: Reserved) -> Table:
    none = Decimal(0)
    changed = sorted(
        lot for lot in before.keys() | after.keys() if before.get(lot, none) != after.get(lot, none)
    )
    lots = parts.lots_by_id(changed)
    rows = [
        (parts.lot_cell(lots[lot]), kg(before.get(lot, none)), kg(after.get(lot, none)))
        for lot in changed
    ]
    headers = (_("Лот"), _("Сейчас, кг"), _("Станет, кг"))
    return Table(gettext("Резерв"), headers, rows)


def _held() -> Held:
    return {(place.resource, place.slot): place for place in Place.objects.all()}


def _places(before: Held, after: Held) -> Table:
    def holds(place: Place | None) -> tuple[str, str]:
        return (place.record, place.record_id) if place else ("", "")

    project = program().project
    rows = [
        (
            cell(said(resource_title(project, key[0]))),
            cell(_standing(before.get(key))),
            cell(_standing(after.get(key))),
        )
        for key in sorted(before.keys() | after.keys())
        if holds(before.get(key)) != holds(after.get(key))
    ]
    return Table(gettext("Места"), (_("Место"), _("Сейчас"), _("Станет")), rows)


def _standing(place: Place | None) -> str:
    return place.title if place else gettext("свободно")


def _tasks(at: datetime) -> Table:
    return Table(gettext("Задачи"), (_("Задача"), _("Что с ней")), [*_task_rows(at)])


def _task_rows(at: datetime) -> Iterator[tuple[Cell, Cell]]:
    for task in Task.objects.filter(ended_at=at).order_by("pk"):
        yield cell(called(task)), Cell(gettext("закроется"), tone="calm")
    for task in Task.objects.filter(created_at=at, ended_at__isnull=True).order_by("pk"):
        yield cell(called(task)), Cell(gettext("появится"), tone="info")


def _holds(at: datetime) -> Table:
    rows = []
    told: Mapping[str, tuple[str, Any]] = {
        "placed_at": (gettext("появится"), "bad"),
        "released_at": (gettext("снимется"), "good"),
    }
    for column, (what, tone) in told.items():
        found = list(Hold.objects.filter(**{column: at}).order_by("pk"))
        lots = parts.lots_by_id(one.lot_id for one in found)
        rows += [
            (parts.lot_cell(lots[one.lot_id]), cell(one.get_kind_display()), Cell(what, tone=tone))
            for one in found
        ]
    headers = (_("Лот"), _("Вид"), _("Что с ней"))
    return Table(gettext("Блокировки"), headers, rows)


def _standards(at: datetime) -> Table:
    """Show norms and limits that are written at this moment, with those that begin after them."""
    norms, limits = RecipeVersion.objects.all(), LimitVersion.objects.all()
    found = _coming(norms, at, "recipe").select_related("recipe")
    rows = [
        (cell(one.recipe), cell(one.version), cell(one.since), cell(_said_of(one)))
        for one in found.order_by("since", "recipe__number")
    ]
    rows += [
        (cell(_case(one)), cell(one.version), cell(one.since), cell(bounds(one)))
        for one in _coming(limits, at, "name").order_by("since", "position")
    ]
    headers = (_("Что"), _("Версия"), _("Действует с"), _("Границы"))
    return Table(gettext("Нормы и пределы"), headers, rows)


def _coming(versions: QuerySet[Any], at: datetime, of: str) -> QuerySet[Any]:
    """Return the versions that are written at a moment, and those of the same that follow; `of` is
    the column of what they are versions of."""
    same = Q(**{f"{of}__in": versions.filter(made_at=at).values(of)})
    coming = versions.filter(same, Q(made_at=at) | Q(since__gt=at))
    return with_ends(coming, of).filter(is_replaced=False)


def _case(limit: LimitVersion) -> str:
    """Say which limit it is, and of what."""
    return f"{said(title_of(limit.name, limit.title or limit.name))} {case_of(limit)}".strip()


def _said_of(version: RecipeVersion) -> str:
    """Say what a version asks of analyses, what it is made of, how much вторфарш it takes."""
    guide = ", ".join(f"{name} {share} %" for name, share in guide_of(version))
    limit = version.rework_limit_pct
    most = gettext("вторфарша не больше {most} %").format(most=show_number(limit or Decimal(0)))
    norms = said(norms_text(norms_of(version, PARTS)))
    return "; ".join(one for one in (norms, guide, most) if one)


def _notices(at: datetime) -> Table:
    found = Notice.objects.filter(created_at__gte=at).select_related("person").order_by("pk")
    rows = [(cell(one.person), cell(one.plain_text)) for one in found[: parts.MOST]]
    return Table(gettext("Сообщения"), (_("Кому"), _("Текст")), rows)
