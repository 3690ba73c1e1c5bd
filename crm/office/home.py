"""The start page: the plant at a glance from live data, each number leading to its list. What takes
long to sum comes when the page stands: `sums.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Freezer
from crm.office import parts, signing
from crm.office.card import Card, Cell, Section, Slots, Summed, Table, cell, kg, valued
from crm.office.language import own_said, said
from crm.office.links import link, list_link
from crm.office.sums import TITLES, today
from crm.office.tones import TONES, badge
from crm.office.whereabouts import plates, slots, with_standing
from crm.production.models import Mix, RawBatch
from crm.production.models.mix import ON_LINE
from crm.quality.models import Deviation
from crm.work.models import Task

SHOWN = 8  # rows of a short list
STATES = (Mix.State.QUEUED, *ON_LINE, Mix.State.IN_PLATE_FREEZER, Mix.State.ON_PALLETS)


def home(request: HttpRequest) -> Card:
    """Return what the start page shows at once to whoever may see the plant; what it sums comes
    after it (`sums.py`)."""
    now = timezone.now()
    day, begins = today(now)
    shown = gettext("Производственный день {day}, с {time}")
    flow, stores = (Summed(place, titles) for place, titles in TITLES.items())
    first: list[Section] = [*_signatures(request), Summed("orphans"), *_waiting(now)]
    return Card(
        title=gettext("Сегодня"),
        subtitle=shown.format(day=f"{day:%d.%m.%Y}", time=f"{begins:%H:%M}"),
        main=(*first, flow, _batches(), *_freezers()),
        side=(_mixes(), stores),
    )


def _batches() -> Table:
    rows = RawBatch.objects.filter(number__isnull=False).select_related("raw_material", "supplier")
    return Table(
        gettext("Последние партии"),
        (_("Номер"), _("Вид сырья"), _("Поставщик"), _("Принята"), _("Принято, кг"), ""),
        [
            (
                parts.record_cell(batch),
                cell(batch.raw_material),
                cell(batch.supplier),
                cell(batch.received_at),
                kg(batch.weight_received),
                badge(batch),
            )
            for batch in rows.order_by("-received_at")[:SHOWN]
        ],
        empty=gettext(
            "Партий пока нет. Они появятся, когда приёмщик сохранит форму «Новая партия»"
        ),
    )


def _freezers() -> Iterator[Section]:
    """Show all plate freezers as one map, each shocker as its own."""
    freezers: list[Any] = list(with_standing(Freezer.objects.active()))
    yield from plates(freezers, list_link(Freezer, "kind__exact=plate"))
    for one in freezers:
        if one.kind == Freezer.Kind.SHOCK:
            shown = slots(one, one.standing)
            yield Slots(shown.title, shown.items, link(one))


def _mixes() -> Table:
    counts = dict(
        Mix.objects.filter(state__in=STATES)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    return Table(
        gettext("Замесы в работе"),
        (_("Этап"), _("Замесов")),
        [
            (
                Cell(str(state.label), list_link(Mix, f"state__exact={state}"), TONES[state]),
                cell(counts[state]),
            )
            for state in STATES
            if state in counts
        ],
        empty=gettext("Сейчас замесов в работе нет"),
    )


def _waiting(now: datetime) -> Iterator[Table]:
    """Show first what somebody must look at, where there is something."""
    yield from (one for one in (_late(now), _deviations()) if one.rows)


def _late(now: datetime) -> Table:
    rows = Task.objects.overdue(now).select_related("person")
    return Table(
        gettext("Просроченные задачи"),
        (_("Что сделать"), _("Кто взял"), _("Срок")),
        [
            (parts.record_cell(task), cell(task.person), cell(task.breach_at))
            for task in rows[:SHOWN]
        ],
    )


def _signatures(request: HttpRequest) -> Iterator[Table]:
    """Show the commands that wait for a second person to whoever may answer or asked, if any."""
    found = list(signing.waiting(request.user))
    if found:
        yield Table(
            gettext("Ждут второго человека"),
            (_("Команда"), _("Запись"), _("Кто попросил"), _("Когда"), _("Действует до")),
            [
                (
                    cell(said(one.correction.title()), href=link(one.record, one.correction.name)),
                    parts.kind_cell(one.record),
                    cell(one.asked.asked_by),
                    cell(one.asked.asked_at),
                    cell(one.asked.ends_at),
                )
                for one in found[:SHOWN]
            ],
        )


def _deviations() -> Table:
    rows = Deviation.objects.open().select_related("asked_by")
    return Table(
        gettext("Ждут решения"),
        (_("Номер"), _("Что"), _("Значение"), _("Кто спросил"), _("Когда")),
        [
            (
                parts.record_cell(one),
                cell(own_said(one.label)),
                cell(valued(one)),
                cell(one.asked_by),
                cell(one.asked_at),
            )
            for one in rows[:SHOWN]
        ],
    )
