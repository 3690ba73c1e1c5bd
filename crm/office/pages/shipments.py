"""«Отгрузки»: what left for whom, of which recipes and orders."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from crm.ledger.models import Account
from crm.office import columns, parts
from crm.office.amounts import summed
from crm.office.base import CardAdmin
from crm.office.card import Card, Figure, Table, cell, kg
from crm.office.filters import IntakeRangeFilter
from crm.office.tones import badge
from crm.production.models import PalletItem, Shipment, ShipmentPallet


@admin.register(Shipment)
class ShipmentPage(CardAdmin):
    """Shipments as facts."""

    list_display = (
        *("show_number", "show_customer", "show_recipes", "show_orders", "show_pallets"),
        *("kg_net", "shipped_at", "show_state"),
    )
    more_columns = ("planned_at", "confirmed_at", "show_confirmed", "show_reviewed", "created_at")
    list_display_links = ("show_number",)
    list_filter = (
        ("created_at", IntakeRangeFilter),
        ("shipped_at", IntakeRangeFilter),
        ("customer", RelatedDropdownFilter),
        ("state", ChoicesDropdownFilter),
    )
    search_fields = ("number", "lines__pallet__number__exact")
    folded = ("customer__name_key",)
    search_help_text = _("Номер отгрузки или паллета, заказчик")
    ordering = ("-created_at", "-id")
    totals = {"net": _("Нетто")}
    show_number = columns.plain("number", _("Номер"))
    show_customer = columns.plain("customer", _("Заказчик"), "customer__name_key")
    show_confirmed = columns.plain("confirmed_by", _("Кто подтвердил"), "confirmed_by__full_name")
    show_reviewed = columns.plain("reviewed_by", _("Кто отгрузил"), "reviewed_by__full_name")
    show_state = columns.state(_("Состояние"))
    kg_net = columns.kg("net", _("Нетто, кг"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shipment]:
        """Read shipments with their kilograms, pallets and orders, in three queries."""
        lines = ShipmentPallet.objects.filter(removed_at__isnull=True)
        items = PalletItem.objects.select_related("lot__mix__order").order_by("id")
        inside = (
            lines.select_related("pallet__recipe")
            .order_by("id")
            .prefetch_related(Prefetch("pallet__items", items))
        )
        return (
            Shipment.objects.select_related("customer", "confirmed_by", "reviewed_by", "created_by")
            .annotate(net=summed(lines, "shipment", "pallet__net"))
            .prefetch_related(Prefetch("lines", inside, to_attr="inside"))
        )

    @columns.column(description=_("Рецепты"))
    def show_recipes(self, shipment: Any) -> str:
        """The recipes of the pallets, each once."""
        return _once(line.pallet.recipe for line in shipment.inside)

    @columns.column(description=_("Партии фарша"))
    def show_orders(self, shipment: Any) -> str:
        """The orders that the pallets are of, each once."""
        return _once(getattr(item.lot.record, "order", None) for item in _items(shipment))

    @columns.column(description=_("Паллет"))
    def show_pallets(self, shipment: Any) -> str:
        """How many pallets."""
        return str(len(shipment.inside))

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: pallets, the lots behind them, who confirmed and who let it go."""
        shipment: Shipment = record
        return Card(
            title=gettext("Отгрузка {number}").format(number=shipment),
            badge=badge(shipment),
            subtitle=str(shipment.customer),
            figures=[
                Figure(gettext("Паллетов"), self.show_pallets(record)),
                Figure(gettext("Нетто"), kg(record.net).text, gettext("кг")),
                Figure(gettext("Отгружена"), cell(shipment.shipped_at).text),
            ],
            main=(_lines(shipment), parts.ledger(_left(shipment), many_lots=True)),
            side=(_facts(shipment), parts.history(shipment)),
        )


def _lines(shipment: Shipment) -> Table:
    """Show every pallet that is or was in it, with the mixes on it."""
    items = PalletItem.objects.select_related("lot__mix", "lot__second_minced").order_by("id")
    lines = shipment.lines.select_related("pallet__recipe").prefetch_related(
        Prefetch("pallet__items", items)
    )
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


def _left(shipment: Shipment) -> Q:
    """Return which lines of the books are about a shipment: what went to the customer and back."""
    pallets = shipment.lines.values("pallet__lot")
    return Q(lot__in=pallets, account=Account.CUSTOMER)


def _facts(shipment: Shipment) -> Any:
    return parts.facts(
        gettext("Отгрузка"),
        [
            (gettext("Заказчик"), cell(shipment.customer)),
            (gettext("На когда"), shipment.planned_at),
            (gettext("Подтверждена"), shipment.confirmed_at),
            (gettext("Кто подтвердил"), cell(shipment.confirmed_by)),
            (gettext("Отгружена"), shipment.shipped_at),
            (gettext("Кто отгрузил"), cell(shipment.reviewed_by)),
            (gettext("Причина"), shipment.reason),
            (gettext("Создана"), shipment.created_at),
            (gettext("Кто создал"), cell(shipment.created_by)),
        ],
    )


def _items(shipment: Any) -> list[PalletItem]:
    return [item for line in shipment.inside for item in line.pallet.items.all()]


def _once(things: Any) -> str:
    return ", ".join(dict.fromkeys(str(one) for one in things if one is not None)) or "—"
