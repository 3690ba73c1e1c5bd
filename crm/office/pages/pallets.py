"""«Паллеты», buffer ones among them: what is on each, how much it weighs, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RadioFilter,
    RelatedDropdownFilter,
)

from crm.ledger.models import Account
from crm.office import columns, parts, past
from crm.office.amounts import summed, with_stock
from crm.office.card import Card, Cell, Fields, Figure, Later, Table, cell, kg
from crm.office.corrected import CorrectedAdmin
from crm.office.correction import by_transition
from crm.office.filters import DayRangeFilter, IntakeRangeFilter, NumberRangeFilter
from crm.office.held import HeldFilter, show_holds, with_holds
from crm.office.holding import HOLD
from crm.office.language import said
from crm.office.pallet_edit import CONVERT, NUMBER, SCRAP, WEIGHTS
from crm.office.tones import badge
from crm.production.boxes import most_boxes
from crm.production.daily import is_taken_in
from crm.production.lying import lying
from crm.production.models import FreezerLoad, Pallet, PalletItem, ShipmentPallet
from crm.production.models.freezing import HOLDS_A_SLOT
from crm.production.operations.accept_pallet import items_of
from crm.production.shippable import ON_STOCK, why_not_of
from crm.production.stocked import kept_as

BUFFERS = (  # the columns of buffer pallets, unless an account chose others (domain 11.2)
    *(
        "show_number",
        "created_at",
        "show_updated",
        "show_boxes",
        "kg_gross",
        "kg_expected",
        "kg_net",
    ),
    *("show_content", "show_state", "show_place", "show_holds"),
)
NUMBERS = ("lot__mix__number", "lot__second_minced__number")  # of what may lie on a pallet


class TakenFilter(RadioFilter):
    """«Принят на склад ГП»: whether it counts as what the plant has made."""

    title = _("Принят на склад ГП")
    parameter_name = "taken"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer both."""
        return [("yes", gettext("Да")), ("no", gettext("Нет"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Pallet]) -> QuerySet[Pallet]:
        """Keep the pallets that came to the store of finished goods, or the others."""
        taken = {"yes": is_taken_in(), "no": ~is_taken_in()}
        return queryset.filter(taken.get(str(self.value()), Q()))


@admin.register(Pallet)
class PalletPage(CorrectedAdmin):
    """Pallets as facts."""

    list_display = (
        *("show_number", "show_day", "kind", "show_content", "kg_gross", "kg_pallet"),
        *("kg_packaging", "kg_net", "show_state", "show_place", "show_holds"),
    )
    more_columns = (
        *("show_recipe", "kg_expected", "kg_physical", "box_count", "show_boxes", "block_count"),
        *("closed", "show_updated"),
        *("unweighed", "unloaded_at", "accepted_at", "best_before", "created_at", "show_author"),
    )
    list_display_links = ("show_number",)
    comes = _("Паллеты появляются, когда замес вышел из заморозки и получил номер.")
    list_filter = (
        ("production_day", DayRangeFilter),
        ("created_at", IntakeRangeFilter),
        ("accepted_at", IntakeRangeFilter),
        ("net", NumberRangeFilter),
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("product_line", ChoicesDropdownFilter),
        ("recipe", RelatedDropdownFilter),
        TakenFilter,
        HeldFilter,
    )
    search_fields = ("number__exact", "=label_code", "=items__lot__mix__number")
    search_help_text = _("Номер паллета, код этикетки, номер замеса")
    ordering = ("-created_at", "-id")
    totals = {"gross": _("Брутто"), "net": _("Нетто"), "physical": _("На складе")}
    corrections = (
        WEIGHTS,
        NUMBER,
        by_transition(
            "pallet",
            "reopen",
            _("Приёмка отменится обратной проводкой, кладовщик получит задачу взвесить заново."),
        ),
        CONVERT,
        SCRAP,
        by_transition(
            "pallet",
            "remove",
            _(
                "Номер паллета освободится, приёмка отменится обратной проводкой. Если паллетов у "
                "замеса не останется, фасовщик укажет номер заново."
            ),
            tone="bad",
        ),
        HOLD,
    )
    show_day = columns.plain("production_day", _("День"))
    show_recipe = columns.plain("recipe", _("Рецепт"), "recipe__name_key")
    show_author = columns.plain("created_by", _("Кто создал"), "created_by__full_name")
    show_state = columns.state(_("Состояние"))
    show_holds = show_holds
    kg_gross = columns.kg("gross", _("Брутто, кг"))
    kg_pallet = columns.kg("pallet_weight", _("Паллет, кг"))
    kg_packaging = columns.kg("packaging_weight", _("Упаковка, кг"))
    kg_net = columns.kg("net", _("Нетто, кг"))
    kg_expected = columns.kg("net_expected", _("Ожидается нетто, кг"))
    kg_physical = columns.kg("physical", _("На складе, кг"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pallet]:
        """Read pallets with stock, of вторфарш that of its lots; their content and places come
        `beside`."""
        rows = Pallet.objects.select_related("recipe", "created_by")
        rework = summed(lying(), "pallet", "lies")
        return with_stock(with_holds(rows), Account.FG_STORE, elsewhere=rework)

    def get_list_display(self, request: HttpRequest) -> Sequence[str]:
        """Return what tells of buffer pallets where they alone are shown."""
        buffers = request.GET.get("kind__exact") == Pallet.Kind.BUFFER
        if buffers and self.remembered(request).columns is None:
            return BUFFERS
        return super().get_list_display(request)

    def card_rows(self, request: HttpRequest) -> QuerySet[Pallet]:
        """Read a pallet with its lot: its card asks for much of that."""
        return self.get_queryset(request).select_related("recipe", "created_by", "lot")

    def beside(self, rows: Sequence[Any]) -> None:
        """Read what is on pallets and where they stand: two queries, and names alone, since the
        rows of what is on a hundred thousand took half of their export. Of buffer pallets also
        when boxes were put on them last."""
        shown = {row.pk: row for row in rows}
        buffers = [str(row.pk) for row in rows if row.kind == Pallet.Kind.BUFFER]
        most = most_boxes() if buffers else 0
        latest = past.latest(Pallet.RECORD, buffers) if buffers else {}
        for row in rows:
            row.content, row.places, row.most = [], [], most
            row.updated = latest.get(str(row.pk))
        items = PalletItem.objects.filter(pallet__in=[*shown]).order_by("id")
        for key, *numbers in items.values_list("pallet", *NUMBERS):
            number = next((one for one in numbers if one is not None), "")
            shown[key].content.append(number or gettext("без номера"))
        loads = FreezerLoad.objects.filter(state__in=HOLDS_A_SLOT, pallet__in=[*shown])
        for load in loads.select_related("freezer"):
            shown[load.pallet_id].places.append(str(load.freezer))

    @columns.column(description=_("Номер"), ordering="number")
    def show_number(self, pallet: Pallet) -> str:
        """The number, as it is painted on the pallet."""
        return str(pallet)

    @columns.column(description=_("Коробок, из скольких"), ordering="box_count")
    def show_boxes(self, pallet: Any) -> str:
        """How many boxes stand on a buffer pallet, and how many it takes."""
        if pallet.kind != Pallet.Kind.BUFFER:
            return "—"
        return gettext("{count} из {most}").format(count=pallet.box_count or 0, most=pallet.most)

    @columns.column(description=_("Изменён"))
    def show_updated(self, pallet: Any) -> str:
        """When something last happened to a buffer pallet."""
        return cell(pallet.updated).text

    @columns.column(description=_("Содержимое"))
    def show_content(self, pallet: Any) -> str:
        """The mixes and lots on it."""
        return ", ".join(pallet.content) or "—"

    @columns.column(description=_("Где"))
    def show_place(self, pallet: Any) -> str:
        """The freezer in which it stands."""
        return ", ".join(pallet.places) or "—"

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: weights, content, freezers, shipments, whether it may leave."""
        pallet: Pallet = record
        day = cell(pallet.production_day).text
        items = PalletItem.objects.filter(pallet=pallet).order_by("id")
        items = items.select_related("lot__mix__order", "lot__second_minced")
        return Card(
            title=gettext("Паллет {number} от {day}").format(number=pallet, day=day),
            badge=badge(pallet),
            subtitle=", ".join(
                str(part) for part in (pallet.get_kind_display(), pallet.recipe) if part
            ),
            figures=[
                Figure(gettext("Брутто"), kg(pallet.gross).text, gettext("кг")),
                Figure(gettext("Нетто"), kg(pallet.net).text, gettext("кг")),
                Figure(gettext("Ожидается нетто"), kg(pallet.net_expected).text, gettext("кг")),
                Figure(gettext("На складе"), kg(record.physical).text, gettext("кг")),
            ],
            main=(
                Later((items,), _content),
                Later((items,), lambda found: _facts(pallet, list(found))),
                parts.photos(pallet.lot),
                _ways(pallet),
                parts.genealogy(*_kept_as(pallet)),
                parts.ledger(Q(lot=pallet.lot_id)),
            ),
            side=(
                parts.holds(pallet.lot),
                parts.deviations(pallet.lot),
                parts.documents(pallet.lot),
                parts.neighbours(pallet.lot),
                parts.tasks(pallet.RECORD, pallet.pk),
                parts.history(pallet),
            ),
        )


def _kept_as(pallet: Pallet) -> list[int]:
    """Return the lots that the books have it under; only second minced meat may be others."""
    if pallet.kind != Pallet.Kind.SECOND:
        return [pallet.lot_id]
    return kept_as(pallet, items_of(pallet))


def _content(items: Iterable[PalletItem]) -> Table:
    return Table(
        gettext("Содержимое"),
        (_("Что"), _("кг"), ""),
        [
            (
                parts.lot_cell(item.lot),
                kg(item.kg),
                Cell(gettext("оценка"), tone="calm") if item.estimated else Cell(""),
            )
            for item in items
        ],
    )


def _ready(pallet: Pallet, items: Sequence[PalletItem]) -> Cell:
    if pallet.state not in ON_STOCK:
        return cell(None)
    reason = why_not_of({pallet: items})[pallet.pk]
    return Cell(said(reason), tone="bad") if reason else Cell(gettext("Можно"), tone="good")


def _facts(pallet: Pallet, items: Sequence[PalletItem]) -> Fields:
    return parts.facts(
        gettext("Паллет"),
        [
            (gettext("Отгрузка"), _ready(pallet, items)),
            (gettext("Вес паллета, кг"), kg(pallet.pallet_weight)),
            (gettext("Вес упаковки, кг"), kg(pallet.packaging_weight)),
            (gettext("Коробок"), pallet.box_count),
            (gettext("Блоков"), pallet.block_count),
            (gettext("Без взвешивания"), pallet.unweighed),
            (gettext("Снят с заморозки"), pallet.unloaded_at),
            (gettext("Принят на склад"), pallet.accepted_at),
            (gettext("Годен до"), pallet.best_before),
            (gettext("Код этикетки"), pallet.label_code),
            (gettext("Создан"), pallet.created_at),
            (gettext("Кто создал"), cell(pallet.created_by)),
        ],
    )


def _ways(pallet: Pallet) -> Later:
    """Show the freezers it stood in and the shipments it was in."""

    def make(loads: Iterable[FreezerLoad], lines: Iterable[ShipmentPallet]) -> Table:
        stood = [
            (
                cell(load.freezer, href=parts.record_cell(load).href),
                cell(load.loaded_at),
                cell(load.unloaded_at),
                badge(load),
            )
            for load in loads
        ]
        left = [
            (
                parts.kind_cell(line.shipment),
                cell(line.shipment.created_at),
                cell(line.removed_at or line.shipment.shipped_at),
                badge(line.shipment),
            )
            for line in lines
        ]
        headers = (_("Что"), _("С"), _("По"), _("Состояние"))
        return Table(gettext("Заморозка и отгрузки"), headers, [*stood, *left])

    loads = pallet.loads.select_related("freezer")
    return Later((loads, pallet.shipment_lines.select_related("shipment__customer")), make)
