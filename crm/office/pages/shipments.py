"""«Отгрузки»: what left for whom, of which recipes and orders; a new one is drafted, and its card
has the commands of domain 5.8."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from crm.ledger.models import Account
from crm.office import acts, columns, parts
from crm.office import shipping as wizard
from crm.office.amounts import summed
from crm.office.base import acting
from crm.office.card import Card, Command, Figure, Table, cell, kg
from crm.office.corrected import CorrectedAdmin
from crm.office.filters import IntakeRangeFilter
from crm.office.language import said
from crm.office.links import command_link, link
from crm.office.reports import about
from crm.office.shipment_changes import CANCEL, CLOSE, REMOVE, TAKE_BACK
from crm.office.shipping import behind, weights
from crm.office.store import RIGHT, SHIP
from crm.office.store import stocked as on_store
from crm.office.tones import badge
from crm.production.models import (
    MincedOrder,
    Pallet,
    PalletItem,
    Shipment,
    ShipmentPallet,
)
from crm.production.operations.shipments import PEOPLE, asks_two
from crm.production.stocked import kept_as
from crm.quality.models import LimitVersion
from engine.errors import Refused

CHANGE = "production.change_shipment"
# Of what a shipment is, by its pallets: where that is, and what it is called.
BESIDE = {
    "recipes": ("pallet__recipe", "name"),
    "orders": ("pallet__items__lot__mix__order", "number"),
}
State = Shipment.State


@admin.register(Shipment)
class ShipmentPage(CorrectedAdmin):
    """Shipments as facts."""

    list_display = (
        *("show_number", "show_customer", "show_recipes", "show_orders", "show_pallets"),
        *("kg_net", "shipped_at", "show_state"),
    )
    more_columns = ("planned_at", "confirmed_at", "show_confirmed", "show_reviewed", "created_at")
    list_display_links = ("show_number",)
    comes = _("Отметьте паллеты на странице «Склад ГП» или нажмите «Добавить».")
    list_filter = (
        ("created_at", IntakeRangeFilter),
        ("shipped_at", IntakeRangeFilter),
        ("customer", RelatedDropdownFilter),
        ("state", ChoicesDropdownFilter),
    )
    search_fields = ("=number", "lines__pallet__number__exact")
    folded = ("customer__name_key",)
    numbers = ("number",)
    search_help_text = _("Номер отгрузки или паллета, заказчик")
    ordering = ("-created_at", "-id")
    totals = {"net": _("Нетто")}
    summed_lines = 40  # its pallets
    commands = dict.fromkeys(("confirm", "ship"), CHANGE)
    corrections = (REMOVE, CANCEL, CLOSE, TAKE_BACK)
    show_number = columns.plain("number", _("Номер"))
    show_customer = columns.linked("customer", _("Заказчик"), "customer__name_key")
    show_confirmed = columns.plain("confirmed_by", _("Кто подтвердил"), "confirmed_by__full_name")
    show_reviewed = columns.plain("reviewed_by", _("Кто отгрузил"), "reviewed_by__full_name")
    show_orders = columns.linked_all("orders", MincedOrder, _("Партии фарша"))
    show_state = columns.state(_("Состояние"))
    kg_net = columns.kg("net", _("Нетто, кг"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shipment]:
        """Read shipments with their kilograms and how many pallets, in one query."""
        lines = ShipmentPallet.objects.filter(removed_at__isnull=True)
        mine = lines.filter(shipment=OuterRef("pk")).order_by().values("shipment")
        return Shipment.objects.select_related(
            "customer", "confirmed_by", "reviewed_by", "created_by"
        ).annotate(
            net=summed(lines, "shipment", "pallet__net"),
            pallets=Coalesce(Subquery(mine.annotate(count=Count("pk")).values("count")), 0),
        )

    def card_rows(self, request: HttpRequest) -> QuerySet[Shipment]:
        """Read a shipment with how many people it takes now."""
        limit = LimitVersion.objects.in_force(PEOPLE, timezone.now())
        return self.get_queryset(request).annotate(people=Subquery(limit.values("least")[:1]))

    def beside(self, rows: Sequence[Any]) -> None:
        """Read of which recipes and orders shipments are: two queries, a line a name."""
        for name, (path, title) in BESIDE.items():
            lines = ShipmentPallet.objects.filter(shipment__in=rows, removed_at__isnull=True)
            there = lines.filter(**{f"{path}__isnull": False})
            named = there.values_list("shipment", path, f"{path}__{title}")
            found: dict[int, list[tuple[int, str]]] = defaultdict(list)
            ordered: Any = named.annotate(first=Min("pk")).order_by("first")
            for shipment, key, text, _first in ordered:
                found[shipment].append((key, text))
            for row in rows:
                setattr(row, name, found[row.pk])

    @columns.column(description=_("Рецепты"))
    def show_recipes(self, shipment: Any) -> str:
        """The recipes of the pallets, each once."""
        return _once(name for _pk, name in shipment.recipes)

    @columns.column(description=_("Паллет"), ordering="pallets")
    def show_pallets(self, shipment: Any) -> str:
        """How many pallets."""
        return str(shipment.pallets)

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: pallets, the lots behind them, who confirmed and who let it go."""
        shipment: Shipment = record
        lines = _lines_of(shipment)
        pallets = [line.pallet for line in lines if line.removed_at is None]
        lots = [lot for one in pallets for lot in kept_as(one, list(one.items.all()))]
        return Card(
            title=gettext("Отгрузка {number}").format(number=shipment),
            badge=badge(shipment),
            subtitle=_subtitle(request, shipment),
            figures=[
                Figure(gettext("Паллетов"), self.show_pallets(record)),
                Figure(gettext("Нетто"), kg(record.net).text, gettext("кг")),
                Figure(gettext("Отгружена"), cell(shipment.shipped_at).text),
            ],
            main=(
                _lines(lines),
                behind(lots),
                parts.genealogy_of(lots, gettext("Паллетов в отгрузке нет")),
                parts.photos_of(Q(lot__in=[*lots, *(one.lot_id for one in pallets)])),
                parts.ledger(_left(lines), many_lots=True),
            ),
            side=(
                _facts(shipment, pallets),
                parts.documents_of(Q(session=shipment.session)),
                parts.history(shipment),
            ),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may draft one."""
        return request.user.has_perm(SHIP) and request.user.has_perm(RIGHT)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """«Новая отгрузка»: fill in, look at what was chosen, draft."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        filled, error = wizard.Filled.of(request), ""
        if request.method == "POST" and request.POST.get("step") == "draft":
            try:
                chosen = wizard.choose(filled, on_store())
                shipment = wizard.draft(acting(request), filled, chosen)
            except Refused as refused:
                error = said(refused.refusal.said)
            else:
                done = acts.DRAFTED.with_values({"number": str(shipment)})
                self.log_addition(request, shipment, str(done))
                messages.success(request, said(done))
                return HttpResponseRedirect(link(shipment))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            **wizard.shown(filled, error),
        }
        return TemplateResponse(request, "office/shipment.html", context)

    def offered(self, request: HttpRequest, record: Any) -> list[Command]:
        """Return the commands that make sense for a shipment now."""
        shipment: Shipment = record
        if not request.user.has_perm(CHANGE):
            return []
        if shipment.state == State.DRAFT:
            return [_confirm(shipment)]
        if shipment.state == State.CONFIRMED and not _awaits_another(request, shipment):
            return [_ship(shipment)]
        return []

    def confirm(self, request: HttpRequest, shipment: Shipment) -> str:
        """«Подтвердить»."""
        wizard.shipping().confirm(acting(request), shipment=shipment, at=timezone.now())
        return acts.CONFIRMED.with_values({"number": str(shipment)})

    def ship(self, request: HttpRequest, shipment: Shipment) -> str:
        """«Отгрузить»."""
        wizard.shipping().ship(acting(request), shipment=shipment, at=timezone.now())
        return acts.SHIPPED.with_values({"number": str(shipment)})


def _subtitle(request: HttpRequest, shipment: Shipment) -> str:
    """Say for whom it is, and that another person is awaited."""
    if shipment.state == State.CONFIRMED and _awaits_another(request, shipment):
        waits = gettext("Вы подтвердили отгрузку. Отпустить её должен другой человек")
        return f"{shipment.customer}\n{waits}"
    return str(shipment.customer)


def _awaits_another(request: HttpRequest, shipment: Any) -> bool:
    """Tell whether the reader confirmed it and another person has to let it go."""
    by = shipment.confirmed_by
    return by is not None and by.user_id == request.user.pk and asks_two(shipment.people)


def _confirm(shipment: Any) -> Command:
    kept = gettext("Паллеты останутся за этой отгрузкой.")
    return Command(
        gettext("Подтвердить"),
        command_link(shipment, "confirm"),
        f"{kept} {gettext('Отпустит её другой человек.')}" if asks_two(shipment.people) else kept,
        gettext("Подтвердить"),
    )


def _ship(shipment: Shipment) -> Command:
    return Command(
        gettext("Отгрузить"),
        command_link(shipment, "ship"),
        gettext("Каждый паллет проверяется ещё раз и уходит со склада заказчику."),
        gettext("Отгрузить"),
    )


def _lines_of(shipment: Shipment) -> list[ShipmentPallet]:
    """Read every pallet that is or was in it, with the mixes on it."""
    items = PalletItem.objects.select_related("lot__mix", "lot__second_minced").order_by("id")
    lines = shipment.lines.select_related("pallet__recipe")
    return list(lines.prefetch_related(Prefetch("pallet__items", items)))


def _lines(lines: Sequence[ShipmentPallet]) -> Table:
    return Table(
        gettext("Паллеты"),
        (_("Паллет"), _("День"), _("Рецепт"), _("Содержимое"), _("Годен до"), _("Брутто, кг"),
         _("Нетто, кг"), _("Убран")),
        [
            (
                parts.record_cell(line.pallet),
                cell(line.pallet.production_day),
                cell(line.pallet.recipe),
                cell(_once(item.lot.record for item in line.pallet.items.all())),
                cell(line.pallet.best_before),
                kg(line.pallet.gross),
                kg(line.pallet.net),
                cell(line.removed_at),
            )
            for line in lines
        ],
    )  # fmt: skip


def _left(lines: Sequence[ShipmentPallet]) -> Q:
    """Return which lines of the books are about a shipment: what went to the customer and back. By
    the ids of the lots: of two questions for them PostgreSQL made one through all lines."""
    lots = {line.pallet.lot_id for line in lines}
    for line in lines:
        lots.update(kept_as(line.pallet, list(line.pallet.items.all())))
    return Q(lot__in=sorted(lots), account=Account.CUSTOMER)


def _facts(shipment: Shipment, pallets: Sequence[Pallet]) -> Any:
    return parts.facts(
        gettext("Отгрузка"),
        [
            (gettext("Заказчик"), cell(shipment.customer)),
            *weights(pallets),
            (gettext("На когда"), shipment.planned_at),
            (gettext("Подтверждена"), shipment.confirmed_at),
            (gettext("Кто подтвердил"), cell(shipment.confirmed_by)),
            (gettext("Отгружена"), shipment.shipped_at),
            (gettext("Кто отгрузил"), cell(shipment.reviewed_by)),
            *_rule(shipment),
            (gettext("Причина"), shipment.reason),
            (gettext("Создана"), shipment.created_at),
            (gettext("Кто создал"), cell(shipment.created_by)),
            *about(Shipment.RECORD, shipment.pk),
        ],
    )


def _rule(shipment: Shipment) -> list[tuple[str, str]]:
    """Say by which rule it left."""
    if shipment.shipped_at is None:
        return []
    rule = gettext("нужен второй человек") if shipment.by_two else gettext("можно одному")
    return [(gettext("Правило при отгрузке"), rule)]


def _once(things: Any) -> str:
    return ", ".join(dict.fromkeys(str(one) for one in things if one is not None)) or "—"
