"""«Вторфарш»: вторфарш and МКО1 to МКО3, with what is left of each lot."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter

from crm.ledger.models import Account
from crm.office import columns, parts
from crm.office.amounts import with_stock
from crm.office.card import Card, Figure, cell, kg
from crm.office.corrected import CorrectedAdmin
from crm.office.correction import by_transition
from crm.office.filters import IntakeRangeFilter, NumberRangeFilter
from crm.office.held import HeldFilter, show_holds, with_holds
from crm.office.holding import HOLD
from crm.office.origin import LINK
from crm.office.recount import recount
from crm.office.taking import part_scrapped, sampled
from crm.office.tones import badge
from crm.production.models import FreezerLoad, PalletItem, SecondMinced
from crm.production.models.freezing import HOLDS_A_SLOT


@admin.register(SecondMinced)
class SecondMincedPage(CorrectedAdmin):
    """Second-minced lots as facts."""

    list_title = _("Вторфарш и МКО")
    list_display = (
        *("show_number", "registered_at", "kind", "kg_gross", "kg_cart", "show_pallet"),
        *("kg_net", "kg_free", "show_chamber", "show_state", "show_holds"),
    )
    more_columns = ("produced_on", "for_sale", "rework_gen", "source_line", "show_author")
    list_display_links = ("show_number",)
    comes = _("Вторфарш и МКО1 вносит технолог в чате бота, МКО2 и МКО3 замораживает кладовщик.")
    list_filter = (
        ("registered_at", IntakeRangeFilter),
        ("net", NumberRangeFilter),
        ("kind", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("for_sale", BooleanRadioFilter),
        HeldFilter,
    )
    search_fields = ("=number",)
    numbers = ("number",)
    search_help_text = _("Номер партии")
    ordering = ("-created_at", "-id")
    totals = {"net": _("Суммарный вес"), "free": _("Доступно")}
    corrections = (
        recount((SecondMinced.State.REGISTERED, SecondMinced.State.DEPLETED)),
        sampled((SecondMinced.State.REGISTERED,)),
        part_scrapped((SecondMinced.State.REGISTERED,)),
        by_transition(
            "second_minced", "scrap", _("Весь остаток партии будет утилизирован."), tone="bad"
        ),
        by_transition(
            "second_minced",
            "cancel",
            _("Партия внесена по ошибке: её вес уйдёт обратной проводкой."),
            tone="bad",
        ),
        LINK,
        HOLD,
    )
    show_number = columns.plain("number", _("Номер"))
    show_author = columns.plain("created_by", _("Кто занёс"), "created_by__full_name")
    show_state = columns.state(_("Состояние"))
    show_holds = show_holds
    kg_gross = columns.kg("gross", _("Брутто, кг"))
    kg_cart = columns.kg("cart_tare", _("Тележка, кг"))
    kg_net = columns.kg("net", _("Нетто, кг"))
    kg_free = columns.kg("free", _("Доступно, кг"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[SecondMinced]:
        """Read lots with what is free of them and their pallets, in two queries."""
        loads = FreezerLoad.objects.filter(state__in=HOLDS_A_SLOT).select_related("freezer")
        items = PalletItem.objects.select_related("pallet").order_by("id")
        items = items.prefetch_related(Prefetch("pallet__loads", loads, to_attr="open_loads"))
        rows = SecondMinced.objects.select_related(
            "lot", "created_by", "source_order", "source_mix"
        ).prefetch_related(Prefetch("lot__pallet_items", items))
        return with_stock(with_holds(rows), Account.REWORK_STORE, Account.MKO_STORE)

    @columns.column(description=_("Паллет, коробок"))
    def show_pallet(self, second: SecondMinced) -> str:
        """The pallets it stands on with their boxes."""
        pallets = [item.pallet for item in second.lot.pallet_items.all()]
        shown = [f"№ {one}" + (f" · {one.box_count}" if one.box_count else "") for one in pallets]
        return ", ".join(shown) or "—"

    @columns.column(description=_("Камера"))
    def show_chamber(self, second: SecondMinced) -> str:
        """The freezers in which its pallets stand."""
        pallets: list[Any] = [item.pallet for item in second.lot.pallet_items.all()]
        freezers = [str(load.freezer) for one in pallets for load in one.open_loads]
        return ", ".join(dict.fromkeys(freezers)) or "—"

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: weights, where it is from, where it went."""
        second: SecondMinced = record
        return Card(
            title=f"{second.get_kind_display()} {second}",
            badge=badge(second),
            figures=[
                Figure(gettext("Брутто"), kg(second.gross).text, gettext("кг")),
                Figure(gettext("Нетто"), kg(second.net).text, gettext("кг")),
                Figure(gettext("Доступно"), kg(record.free).text, gettext("кг")),
                Figure(gettext("Поколение"), str(second.rework_gen)),
            ],
            main=(
                _facts(second),
                parts.photos(second.lot),
                parts.genealogy(second.lot),
                parts.ledger(Q(lot=second.lot_id)),
            ),
            side=(
                parts.holds(second.lot),
                parts.deviations(second.lot),
                parts.neighbours(second.lot),
                parts.documents(second.lot),
                parts.history(second),
            ),
        )


def _facts(second: SecondMinced) -> Any:
    recipes = ", ".join(str(one) for one in second.source_recipes.all())
    return parts.facts(
        gettext("Вторичная партия"),
        [
            (gettext("Вид"), second.get_kind_display()),
            (gettext("Дата производства"), second.produced_on),
            (gettext("Занесена"), second.registered_at),
            (gettext("Кто занёс"), cell(second.created_by)),
            (gettext("Вес тележки, кг"), kg(second.cart_tare)),
            (gettext("На продажу"), second.for_sale),
            (gettext("Линия"), second.source_line),
            (gettext("Из партии фарша"), parts.record_cell(second.source_order)),
            (gettext("Из заблокированного замеса"), parts.record_cell(second.source_mix)),
            (gettext("Из фарша по рецептам"), recipes),
        ],
    )
