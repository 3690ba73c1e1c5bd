"""What the start page sums over the stores and over two weeks of the books: asked for when the page
stands, as the sums of a long list are. Start at `sums`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.audit.models import BookCheck
from crm.bridge.program import program
from crm.catalogue.models import RawMaterial
from crm.ledger.models import Account, Event
from crm.ledger.stock import kept, on_stores
from crm.office import health, parts
from crm.office.card import Bar, Bars, Cell, Figure, Section, Table, cell, kg
from crm.office.dashboard import counted
from crm.office.flow import Flow, by_day, together, with_output
from crm.office.links import list_link
from crm.office.tones import badge
from crm.outbox.models import Notice
from crm.production.completeness import Completeness, completeness
from crm.production.models import Blank, Mix, Pallet, RawBatch, SecondMinced, Shipment
from crm.quality.models import Deviation
from crm.work.models import Task
from engine.model.values import show_number
from engine.model.zone import production_day

RIGHT = "production.view_rawbatch"
DAYS = 14  # of the chart and of the comparison: two weeks
WEEK = 7
SHOWN = 8  # lots without an origin
# What stands on the page where sums will be: the titles of their sections.
TITLES: Mapping[str, Sequence[Promise]] = {
    "flow": (_("Выход и потери, кг"), _("Две недели по дням, кг")),
    "stores": (_("Склады"), _("Сырьё на складе")),
}
STORES: dict[str, tuple[type[Any], str]] = {  # the list of what is there, and how it is filtered
    Account.RAW_STORE: (RawBatch, "in_stock=yes"),
    Account.BLANK_STORE: (Blank, ""),
    Account.REWORK_STORE: (SecondMinced, "kind__exact=rework"),
    Account.MKO_STORE: (SecondMinced, "kind__in=mko1,mko2,mko3"),
}
CAME = (  # the states of a batch that came and was not called off
    *(RawBatch.State.RECEIVED, RawBatch.State.RELEASED, RawBatch.State.QUARANTINE),
    *(RawBatch.State.REJECTED, RawBatch.State.DEPLETED),
    *(RawBatch.State.RETURNED, RawBatch.State.DISPOSED),
)
CAME_ALONE = f"state__in={','.join(CAME)}"
# Of what flowed: which list has it, by which moment and what else.
LISTS: dict[str, tuple[type[Any], str, str]] = {
    "received": (RawBatch, "received_at", CAME_ALONE),
    "used": (Mix, "produced_at", ""),
    "made": (Pallet, "accepted_at", "taken=yes"),
    "shipped": (Shipment, "shipped_at", ""),
    "drip": (Event, "occurred_at", f"account={Account.LOSS_DRIP}"),
    "freezing": (Event, "occurred_at", f"account={Account.LOSS_FREEZING}"),
    "scrap": (Event, "occurred_at", f"account={Account.SCRAP}"),
}


def today(now: datetime) -> tuple[date, datetime]:
    """Return the production day of a moment, and when it began."""
    zone = program().zone
    day = production_day(now.astimezone(zone), zone.day_begins)
    return day, datetime.combine(day, zone.day_begins, zone)


def sums(request: HttpRequest) -> HttpResponse:
    """Answer with the figures of the start page and what belongs into its places."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    zone = program().zone
    day, begins = today(timezone.now())
    days = with_output(by_day(day - timedelta(days=DAYS), day, zone), zone)
    complete = completeness(begins - timedelta(days=WEEK))
    places: dict[str, Sequence[Section]] = {
        "orphans": list(_orphans(complete)),
        "flow": [_output(days, day), _chart(days, day)],
        "stores": [_stores(), _materials()],
    }
    figures = list(_figures(request, days[day], day, begins, complete))
    return TemplateResponse(request, "office/sums.html", {"figures": figures, "places": places})


def _figures(
    request: HttpRequest, today: Flow, day: date, begins: datetime, complete: Completeness
) -> Iterator[Figure]:
    counts = counted(
        batches=RawBatch.objects.filter(received_at__gte=begins, state__in=CAME),
        late=Task.objects.overdue(timezone.now()),
        deviations=Deviation.objects.open(),
        undelivered=Notice.objects.undelivered(),
    )
    came, taken = (_list_of(name, day, day) for name in ("received", "made"))
    yield Figure(gettext("Принято партий"), str(counts["batches"]), href=came)
    yield Figure(gettext("Принято сырья"), kg(today.received).text, gettext("кг"), href=came)
    yield Figure(gettext("Принято на склад ГП"), kg(today.made).text, gettext("кг"), href=taken)
    waiting = (
        (gettext("Просрочено задач"), "late", Task, "late=yes", "bad"),
        (gettext("Ждут решения"), "deviations", Deviation, "state__exact=open", "warn"),
        (gettext("Недоставлено"), "undelivered", Notice, "state__exact=undeliverable", "bad"),
    )
    for label, name, model, query, tone in waiting:
        if request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
            href, some = list_link(model, query), bool(counts[name])
            yield Figure(label, str(counts[name]), "", tone if some else "", href)  # type: ignore[arg-type]
    if complete.percent is not None:
        label, whole = gettext("Прослежено до поставки, за 7 дней"), not complete.orphans
        yield Figure(
            label,
            cell(complete.percent, decimals=2).text,
            "%",
            "" if whole else "bad",
            _list_of("shipped", day - timedelta(days=WEEK), day),
        )
    yield from _night(request)


def _list_of(name: str, first: date, last: date) -> str:
    """Return the address of the list of what flowed on production days, with the same sum."""
    model, moment, more = LISTS[name]
    zone = program().zone
    begins, ends = (
        datetime.combine(day, zone.day_begins) for day in (first, last + timedelta(days=1))
    )
    within = {
        f"{moment}_from_0": f"{begins:%d.%m.%Y}", f"{moment}_from_1": f"{begins:%H:%M}",
        f"{moment}_to_0": f"{ends:%d.%m.%Y}", f"{moment}_to_1": f"{ends:%H:%M}",
    }  # fmt: skip
    return list_link(model, "&".join(one for one in (urlencode(within), more) if one))


def _night(request: HttpRequest) -> Iterator[Figure]:
    """Show what the last nightly check of the books found, once there was one; who may look at the
    health of the plant reads there what that is."""
    check = BookCheck.objects.done().first()
    if check is not None:
        label = gettext("Не сходится, ночь на {day}").format(day=f"{check.night:%d.%m}")
        href = reverse("admin:health") if request.user.has_perm(health.RIGHT) else ""
        yield Figure(label, str(check.wrong), tone="bad" if check.wrong else "", href=href)


def _orphans(complete: Completeness) -> Iterator[Table]:
    """Show what was shipped without a delivery behind it, if anything was (domain 14.1.3)."""
    if complete.orphans:
        lots = parts.lots_by_id(complete.orphans[:SHOWN])
        yield Table(
            gettext("Отгружено, а происхождения нет"),
            (_("Что"), _("Состояние")),
            [(parts.lot_cell(lot), badge(lot.record)) for lot in lots.values()],
        )


def _output(days: dict[date, Flow], day: date) -> Table:
    """Compare today, the last seven whole days and the seven before."""
    spans = ((day, day), (day - timedelta(days=WEEK), day - timedelta(days=1)),
             (day - timedelta(days=DAYS), day - timedelta(days=WEEK + 1)))  # fmt: skip
    periods = [
        together(days[last - timedelta(days=at)] for at in range((last - first).days + 1))
        for first, last in spans
    ]
    rows = (
        (gettext("Принято сырья"), "received"),
        (gettext("Списано на замесы"), "used"),
        (gettext("Принято на склад ГП"), "made"),
        (gettext("Отгружено"), "shipped"),
        (gettext("Потери при дефростации"), "drip"),
        (gettext("Потери при заморозке"), "freezing"),
        (gettext("Брак"), "scrap"),
    )
    return Table(
        str(TITLES["flow"][0]),
        ("", _("Сегодня"), _("7 дней"), _("7 дней до того")),
        [
            *(
                (
                    cell(title),
                    *(
                        replace(kg(getattr(one, name)), href=_list_of(name, *span))
                        for one, span in zip(periods, spans, strict=True)
                    ),
                )
                for title, name in rows
            ),
            (
                cell(gettext("Выход, %")),
                *(Cell(cell(one.output, decimals=1).text, number=True) for one in periods),
            ),
        ],
    )


def _chart(days: dict[date, Flow], day: date) -> Bars:
    shown = [day - timedelta(days=at) for at in range(DAYS)]
    longest = max(amount for one in shown for amount in (days[one].used, days[one].made))
    return Bars(
        str(TITLES["flow"][1]),
        (gettext("Списано на замесы"), gettext("Принято на склад ГП")),
        [
            Bar(
                f"{one:%d.%m}",
                [
                    (show_number(amount, 0), _length(amount, longest))
                    for amount in (days[one].used, days[one].made)
                ],
            )
            for one in shown
        ],
    )


def _length(amount: Decimal, longest: Decimal) -> int:
    """Return how long a bar is, per cent; none of a day whose corrections outweigh its work."""
    return int(100 * amount / longest) if longest > 0 and amount > 0 else 0


def _stores() -> Table:
    return Table(
        str(TITLES["stores"][0]),
        (_("Склад"), _("Остаток, кг"), _("Резерв, кг")),
        [
            (cell(_store_name(account), href=_store_link(account)), *map(kg, amounts))
            for account, amounts in on_stores().items()
        ],
    )


def _store_name(account: Account) -> str:
    """Call a store; that of finished goods has a page where pallets of вторфарш are groups too,
    whose kilograms stay in a store of their own (domain 7.2, 11.3)."""
    return gettext("Склад ГП, без вторфарша") if account == Account.FG_STORE else str(account.label)


def _store_link(account: Account) -> str:
    """Return where a store is looked at: finished goods have a page of their own."""
    return reverse("admin:store") if account == Account.FG_STORE else list_link(*STORES[account])


def _materials() -> Table:
    # Of each lot that is there: joined, a million lots that are gone would be read for a few.
    material = RawBatch.objects.filter(lot=OuterRef("lot")).order_by().values("raw_material")
    rows = kept(Account.RAW_STORE).annotate(material=Subquery(material)).values_list("material")
    found = rows.annotate(there=Sum("physical"), held=Sum("reserved")).order_by("-there")
    named = RawMaterial.objects.in_bulk([pk for pk, _there, _held in found])
    return Table(
        str(TITLES["stores"][1]),
        (_("Вид сырья"), _("Остаток, кг"), _("Резерв, кг")),
        [
            (
                cell(
                    named.get(pk),
                    href=list_link(RawBatch, f"raw_material__id__exact={pk}&in_stock=yes"),
                ),
                kg(there),
                kg(held),
            )
            for pk, there, held in found
        ],
        empty=gettext("Склад сырья пуст"),
    )
