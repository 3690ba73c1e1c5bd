"""«Склад ГП» (domain 11.3): recipe → production day → pallets with whether each may leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crm.office import exports
from crm.office.card import Cell, Table, Tone, cell, kg
from crm.office.filters import day_of
from crm.office.language import said
from crm.office.links import many_links
from crm.office.seed import HOLDS
from crm.prepared import Prepared
from crm.production.lying import lies_if_rework
from crm.production.models import Pallet, PalletItem, SecondMinced
from crm.production.models.choices import ProductLine
from crm.production.shippable import NO_ASH, NOTHING, ON_STOCK, held_of, left_of, why_not_of
from crm.quality.models import HoldKind
from engine.documents.plain import Plain

RIGHT = "production.view_pallet"
HEADERS = (
    *(_("Паллет"), _("Замес"), _("Брутто, кг"), _("Паллет, кг"), _("Упаковка, кг")),
    *(_("Нетто, кг"), _("Палетирован"), _("ОСГ, дней"), _("Готовность")),
)
TICK, CALLED = _("Выбрать"), _("Паллет {number}")
SHIP = "production.add_shipment"
Ticks = Literal["none", "free", "all"]  # which pallets can be chosen: those that may leave, or all
READY = (  # what may be asked of readiness; the colours of the page
    ("yes", _("можно отгрузить")),
    ("gone", _("в отгрузке")),
    ("ash", _("нет анализа на золу")),
    ("no", _("нельзя отгрузить")),
)
READ = (  # of a thousand pallets, what nobody looks at takes half of the time
    *("pallet", "lot", "kg", "lot__kind", "pallet__recipe__name", "pallet__recipe__report_name"),
    *(
        f"pallet__{name}"
        for name in (
            *("state", "number", "production_day", "lot", "product_line", "recipe", "gross", "net"),
            *("pallet_weight", "packaging_weight", "label_code", "accepted_at", "best_before"),
            "unweighed",
        )
    ),
    *(f"lot__mix__{name}" for name in ("lot", "number", "order", "quality", "ash_state")),
    *(f"lot__mix__order__{name}" for name in ("number", "product_line")),
    *(f"lot__second_minced__{name}" for name in ("lot", "number", "kind", "for_sale")),
)
ITEMS = Prepared(
    lambda: (
        PalletItem.objects.filter(pallet__state__in=ON_STOCK)
        .select_related("pallet__recipe", "lot__mix__order", "lot__second_minced")
        .only(*READ)
        .annotate(lies=lies_if_rework())
        .order_by("pallet__production_day", "pallet__number", "id")
    )
)
# After the recipes of ММО, in this order.
PET_FOOD, FOR_SALE, MKO, REWORK = (_("Пет-фуд"), _("МКО Продажа"), _("МКО"), _("Вторфарш"))


@dataclass(frozen=True, slots=True)
class Line:
    """A pallet on the store: what is on it, of which `records` (mixes, second-minced lots), and how
    many kilograms of it are there, why it may not leave (empty when it may) in which colour, what
    the page and the export say of its readiness, its group with the place of that among the groups,
    the kinds of the holds that keep it."""

    pallet: Pallet
    items: Sequence[PalletItem]
    records: Sequence[Any]
    net: Decimal
    reason: str
    tone: Tone
    verdict: str
    group: tuple[int, str]
    held: frozenset[str] = frozenset()

    def days_left(self, today: date) -> int | None:
        """Days until it is no longer good («ОСГ»); below zero for what is over."""
        until = self.pallet.best_before
        return None if until is None else (until - today).days

    @property
    def kept(self) -> str:
        """Why it may not be put into a new shipment; empty when it may."""
        reserved = self.pallet.state == Pallet.State.RESERVED
        return self.reason or (gettext("Уже в отгрузке") if reserved else "")

    @property
    def ready(self) -> Sequence[str]:
        """What of READY it is."""
        if not self.reason:
            return ("gone",) if self.pallet.state == Pallet.State.RESERVED else ("yes",)
        return ("no", "ash") if self.tone == "warn" else ("no",)

    def tick(self, called: str, *, on: bool = False, any_of: bool = False) -> Cell:
        """The box that chooses it, which is `called` so; nothing for one that may not leave,
        unless it `on` is or `any_of` them may be chosen."""
        if not on and not any_of and self.kept:
            return Cell("")
        return Cell(called.format(number=self.pallet), tick=str(self.pallet.pk), on=on)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page was asked to show."""

    first: date | None
    last: date | None
    group: str
    ready: str
    hold: str

    @classmethod
    def of(cls, request: HttpRequest) -> Wanted:
        """Read the filter of a request; what cannot be read is not asked."""
        given = request.GET
        return cls(
            day_of(given.get("from")),
            day_of(given.get("to")),
            given.get("group", ""),
            given.get("ready", ""),
            given.get("hold", ""),
        )

    def takes(self, line: Line) -> bool:
        """Tell whether a line is wanted."""
        day = line.pallet.production_day
        return (
            (self.first is None or day >= self.first)
            and (self.last is None or day <= self.last)
            and self.group in ("", line.group[1])
            and self.ready in ("", *line.ready)
            and (not self.hold or self.hold in line.held)
        )


@require_safe
def store(request: HttpRequest, site: Any) -> HttpResponse:
    """Show the store as a tree."""
    lines, wanted = _allowed(request), Wanted.of(request)
    shown = [line for line in lines if wanted.takes(line)]
    context = {
        **site.each_context(request),
        "title": gettext("Склад ГП"),
        "wanted": wanted,
        "known": list(dict.fromkeys(line.group[1] for line in lines)),
        "groups": list(groups(shown, ticks="all")),
        "states": READY,
        "kinds": HoldKind.choices,
        "total": total(shown),
        "may_ship": request.user.has_perm(SHIP),
        "may_hold": request.user.has_perm(HOLDS),
        "count": len(shown),
        "empty": empty(lines),
        "exports": [
            (title, f"{reverse('admin:store_export', args=[form])}?{request.GET.urlencode()}")
            for form, title in (("xlsx", "Excel"), ("csv", "CSV"))
        ],
    }
    return TemplateResponse(request, "office/store.html", context)


@require_POST
def export(request: HttpRequest, form: str) -> HttpResponse:
    """Give the shown pallets as a file."""
    lines, wanted = _allowed(request), Wanted.of(request)
    if form not in exports.MIMES:
        raise Http404
    title = gettext("Склад ГП")
    columns = [
        *map(Plain, (gettext("Группа"), gettext("День"), gettext("Паллет"), gettext("Замес"))),
        *(Plain(str(name), "0.000") for name in HEADERS[2:6]),
        *map(Plain, (gettext("Палетирован"), gettext("Годен до"))),
        *(Plain(str(name)) for name in HEADERS[-2:]),
    ]
    today = timezone.localdate()
    shown = (_row(line, today) for line in lines if wanted.takes(line))
    rows = exports.summed(shown, at=range(4, 8))
    exports.taken(request, Pallet, title, form)
    content = exports.file(form, title, columns, rows)
    return exports.answer(f"{title}.{form}", exports.MIMES[form], content)


def _allowed(request: HttpRequest) -> list[Line]:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    return stocked()


def stocked() -> list[Line]:
    """Return every pallet on the store, by groups, days and numbers: three queries whatever the
    stock."""
    loaded: dict[Pallet, list[Any]] = {}
    for item in ITEMS.rows():
        loaded.setdefault(item.pallet, []).append(item)
    held = held_of(loaded)
    left = left_of(loaded)
    reasons = why_not_of(loaded, held, left)
    kinds = {lot: frozenset(one.kind for one in holds) for lot, holds in held.items()}
    # Said once for all: most of a thousand pallets stand for the same reason, or for none.
    words = {why: said(why) for why in {*reasons.values()} if why is not None}
    may = {str(Pallet.State.RESERVED): gettext("В отгрузке")}
    free = gettext("Готов к отгрузке")
    lines = [
        Line(
            pallet,
            on,
            records,
            _there(pallet, on),
            reason,
            "warn" if why == NO_ASH else "bad",
            reason or may.get(pallet.state, free),
            _group(pallet, records[0]),
            kinds.get(pallet.lot_id, frozenset()),
        )
        for pallet, on in loaded.items()
        for why in [reasons[pallet.pk]]
        for reason in ["" if why is None else words[why]]
        for records in [[item.lot.record for item in on]]
    ]
    return sorted(lines, key=lambda line: line.group)


def _there(pallet: Pallet, items: Sequence[Any]) -> Decimal:
    """Return what there is of a pallet: its net, of вторфарш what lies on it."""
    lie = [item.lies for item in items if item.lies is not None]
    return sum(lie, NOTHING) if lie else pallet.net or NOTHING


def _group(pallet: Pallet, second: Any) -> tuple[int, str]:
    """Return the group of a pallet with a record on it, and its place (domain 11.3)."""
    if isinstance(second, SecondMinced):
        if second.kind == SecondMinced.Kind.REWORK:
            return 4, str(REWORK)
        return (2, str(FOR_SALE)) if second.for_sale else (3, str(MKO))
    if pallet.product_line == ProductLine.MKO or pallet.recipe is None:
        return 1, str(PET_FOOD)
    return 0, pallet.recipe.report_name or str(pallet.recipe)


def groups(lines: Sequence[Line], *, ticks: Ticks) -> Iterator[dict[str, Any]]:
    """Give the groups of some lines with their days; `ticks` says which pallets can be chosen."""
    # Said once: there is a table for each day of each group.
    columns = tuple(map(str, HEADERS if ticks == "none" else (TICK, *HEADERS)))
    summed = gettext("%(kg)s кг, паллетов: %(count)s")
    by_group: dict[str, dict[date, list[Line]]] = {}
    for line in lines:
        days = by_group.setdefault(line.group[1], {})
        days.setdefault(line.pallet.production_day, []).append(line)
    for name, days in by_group.items():
        mine = [line for here in days.values() for line in here]
        shown = [
            {
                "day": day,
                "sum": summed % {"kg": total(here), "count": len(here)},
                "table": table(here, ticks=ticks, columns=columns),
            }
            for day, here in days.items()
        ]
        whole = summed % {"kg": total(mine), "count": len(mine)}
        yield {"name": name, "sum": whole, "days": shown}


def empty(lines: Sequence[Line]) -> str:
    """Say what to do about a page without pallets: of a filter, or of a store that has none."""
    if lines:
        return gettext("На складе нет таких паллетов. Измените отбор")
    return gettext(
        "Склад пуст. Паллеты появляются, когда кладовщик принял их в чате бота: по задаче "
        "«Паллетирование и маркировка» или кнопкой «Принять»."
    )


def table(lines: Sequence[Line], *, ticks: Ticks, columns: Sequence[str]) -> Table:
    """Show lines of the store under columns that are called so; `ticks` says which pallets can be
    chosen."""
    today, called, address = timezone.localdate(), str(CALLED), many_links()
    any_of = ticks == "all"
    rows = [
        [
            *([] if ticks == "none" else [line.tick(called, any_of=any_of)]),
            *_cells(line, today, address),
            Cell(line.verdict, tone=line.tone if line.reason else "good"),
        ]
        for line in lines
    ]
    return Table("", columns, rows, empty="")


def _cells(line: Line, today: date, address: Callable[[Any], str]) -> list[Cell]:
    pallet, first = line.pallet, line.records[0]
    return [
        Cell(str(pallet), address(pallet)),
        Cell(", ".join(map(str, line.records)), address(getattr(first, "order", None) or first)),
        *map(kg, (pallet.gross, pallet.pallet_weight, pallet.packaging_weight, line.net)),
        cell(pallet.accepted_at),
        cell(line.days_left(today)),
    ]


def _row(line: Line, today: date) -> list[Any]:
    pallet = line.pallet
    return [
        line.group[1],
        pallet.production_day,
        str(pallet),
        ", ".join(map(str, line.records)),
        *(pallet.gross, pallet.pallet_weight, pallet.packaging_weight, line.net),
        timezone.localtime(pallet.accepted_at) if pallet.accepted_at else None,
        pallet.best_before,
        line.days_left(today),
        line.verdict,
    ]


def total(lines: Sequence[Line]) -> str:
    """Write the exact sum of the goods on some lines."""
    return kg(sum((line.net for line in lines), NOTHING)).text
