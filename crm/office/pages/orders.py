"""«Фарш»: orders with what was planned, written off and is left, by component and by mix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from crm.ledger.models import Lot, StateHistory
from crm.office import columns, parts, past
from crm.office.amounts import summed
from crm.office.card import Card, Cell, Figure, Later, Section, Table, cell, kg
from crm.office.corrected import CorrectedAdmin
from crm.office.correction import by_transition
from crm.office.filters import DayRangeFilter, NumberRangeFilter
from crm.office.finished import FINISHED_RANGE
from crm.office.order_change import CHANGE, QUEUE
from crm.office.order_palletizing import FINISH, RESET
from crm.office.tones import badge
from crm.office.whereabouts import places, with_places
from crm.production.models import MincedOrder, Mix, MixUse, OrderItem, Pallet, PalletItem
from crm.production.models.mix import DISCHARGED
from crm.production.shares import OUT, next_shares

NOTHING = Decimal(0)
COMPONENTS = ("lot__raw_batch__raw_material", "lot__blank", "lot__second_minced")
COMMANDS = {
    "start_now": _("Партия начнётся сейчас, не дожидаясь своего времени."),
    "pause": _("Новые замесы партии не начнутся, начатые пройдут до конца."),
    "resume": _("Замесы партии снова пойдут на линии."),
    "join_lines": _("Замесы партии пойдут на обе линии, где раньше освободится место."),
    "stop_joint_work": _("Новые замесы пойдут только на свою линию; начатые останутся, где стоят."),
    "leave_on_line_1": _("Новые замесы пойдут только на линию 1; начатые останутся, где стоят."),
    "leave_on_line_2": _("Новые замесы пойдут только на линию 2; начатые останутся, где стоят."),
}


@admin.register(MincedOrder)
class OrderPage(CorrectedAdmin):
    """Orders as facts."""

    list_title = _("Фарш")
    list_display = (
        *("show_number", "show_recipe", "show_mixes", "line_mode", "route", "arrival_date"),
        *("kg_planned", "kg_used", "show_state"),
    )
    more_columns = (
        "priority",
        "is_night",
        "show_fat",
        "show_protein",
        "show_moisture",
        "show_author",
    )
    list_display_links = ("show_number",)
    comes = _("Партии фарша планирует технолог в чате бота: «Новый фарш».")
    list_filter = (
        ("arrival_date", DayRangeFilter),
        FINISHED_RANGE,
        ("number_mix", NumberRangeFilter),
        ("state", ChoicesDropdownFilter),
        ("recipe", RelatedDropdownFilter),
        ("line_mode", ChoicesDropdownFilter),
        ("product_line", ChoicesDropdownFilter),
    )
    search_fields = ("=number",)
    numbers = ("number",)
    folded = ("recipe__name_key",)
    search_help_text = _("Номер партии, рецепт")
    ordering = ("-created_at", "-id")
    totals = {"planned": _("План"), "used": _("Списано")}
    summed_lines = 60  # its components, and what its mixes took of them
    corrections = (
        CHANGE,
        QUEUE,
        *(by_transition("minced_order", name, explains) for name, explains in COMMANDS.items()),
        RESET,
        FINISH,
        by_transition(
            "minced_order",
            "cancel",
            _("Резервы освободятся, замесы отменятся. Можно, пока ни один не вышел из миксера."),
            tone="bad",
        ),
    )
    show_recipe = columns.plain("recipe", _("Рецепт"), "recipe__name_key")
    show_author = columns.plain("created_by", _("Кто создал"), "created_by__full_name")
    kg_planned = columns.kg("planned", _("План, кг"))
    kg_used = columns.kg("used", _("Списано, кг"))
    show_fat = columns.plain("fat", _("Жир, %"))
    show_protein = columns.plain("protein", _("Белок, %"))
    show_moisture = columns.plain("moisture", _("Влага, %"))
    show_state = columns.state(_("Состояние"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[MincedOrder]:
        """Read orders with their kilograms and how many mixes are out, in one query."""
        live = Mix.objects.filter(order=OuterRef("pk")).exclude(state=Mix.State.CANCELLED)
        mixes, out = (
            found.order_by().values("order").annotate(count=Count("pk")).values("count")
            for found in (live, live.filter(state__in=DISCHARGED))
        )
        uses = MixUse.objects.filter(undone_by__isnull=True)
        return MincedOrder.objects.select_related(
            "recipe", "recipe_version", "created_by"
        ).annotate(
            planned=summed(OrderItem.objects.all(), "order", "kg_planned"),
            released=summed(OrderItem.objects.all(), "order", "kg_released"),
            used=summed(uses, "mix__order"),
            out=Coalesce(Subquery(out), 0),
            live=Coalesce(Subquery(mixes), 0),
        )

    @columns.column(description=_("Номер"), ordering="number")
    def show_number(self, order: MincedOrder) -> str:
        """The number; pet food is told."""
        return columns.numbered(order)

    @columns.column(description=_("Замесы"), ordering="out")
    def show_mixes(self, order: Any) -> str:
        """How many mixes are out of how many; one that was cancelled is awaited by nobody."""
        return f"{order.out}/{order.live or order.number_mix}"

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: balance by component, mixes with their stages, what each mix took."""
        order: MincedOrder = record
        items = order.items.select_related(*COMPONENTS)
        mixes = with_places(order.mixes.select_related("lot").order_by("index"))
        uses = MixUse.objects.filter(mix__order=order, undone_by__isnull=True)
        pallets = Pallet.objects.filter(
            pk__in=PalletItem.objects.filter(lot__mix__order=order).values("pallet")
        )
        # One set: of lots in either of two PostgreSQL reads all files and documents.
        lots = order.mixes.order_by().values("lot").union(pallets.order_by().values("lot"))
        about = Q(lot__in=lots)
        keys = order.mixes.annotate(key=Cast("pk", CharField())).values("key")
        stages = StateHistory.objects.filter(record=Mix.RECORD, record_id__in=keys)
        stages = stages.select_related("by").order_by("at", "id")[: parts.MOST]
        left = max(record.planned - record.released - record.used, NOTHING)
        return Card(
            title=gettext("Партия фарша {number}").format(number=columns.numbered(order)),
            badge=badge(order),
            subtitle=f"{order.recipe}. {order.get_line_mode_display()}, "
            f"{order.get_route_display().lower()}",
            figures=[
                Figure(gettext("План"), kg(record.planned).text, gettext("кг")),
                Figure(gettext("Списано"), kg(record.used).text, gettext("кг")),
                Figure(gettext("Осталось"), kg(left).text, gettext("кг")),
                Figure(gettext("Замесы"), self.show_mixes(record)),
            ],
            main=(
                Later((items, uses, mixes), _components),
                Later((mixes,), _mixes),
                Later((items, mixes, uses), _matrix),
                Later((pallets,), _pallets),
                Later((mixes,), _genealogy),
                parts.photos_of(about),
                parts.ledger(Q(order=order), many_lots=True),
                Later((mixes, stages), _stages),
            ),
            side=(
                _facts(order),
                parts.documents_of(about),
                parts.tasks(order.RECORD, order.pk),
                parts.history(order),
            ),
        )


Taken = dict[tuple[int, int], Decimal]


def _taken(uses: Iterable[MixUse]) -> Taken:
    """Return what each mix took of each lot."""
    return {(use.mix_id, use.lot_id): use.kg for use in uses}


def _components(items: Sequence[OrderItem], uses: Iterable[MixUse], mixes: Iterable[Mix]) -> Table:
    """Show the balance of each component, and what of it the next mix takes."""
    used: dict[int, Decimal] = defaultdict(Decimal)
    for use in uses:
        used[use.lot_id] += use.kg
    coming = next_shares(items, used, sum(mix.state not in OUT for mix in mixes))
    rows = [
        (
            parts.lot_cell(item.lot),
            cell(_material(item.lot)),
            kg(item.kg_planned),
            kg(used[item.lot_id]),
            kg(max(item.kg_to_take - used[item.lot_id], NOTHING)),
            kg(coming.get(item.pk)),
        )
        for item in items
    ]
    return Table(
        gettext("Компоненты"),
        (_("Компонент"), _("Вид сырья"), _("План, кг"), _("Списано, кг"), _("Осталось, кг"),
         _("На следующий замес, кг")),
        rows,
    )  # fmt: skip


def _material(lot: Lot) -> Any:
    return lot.raw_batch.raw_material if lot.kind == Lot.Kind.RAW_BATCH else None


def _mixes(mixes: Iterable[Mix]) -> Table:
    return Table(
        gettext("Замесы"),
        (_("Замес"), _("Этап"), _("Линия"), _("ФХП"), _("Зола"), _("Где")),
        [
            (
                parts.record_cell(mix),
                badge(mix),
                cell(mix.line),
                parts.state_cell(mix, "quality"),
                parts.state_cell(mix, "ash_state"),
                cell(places(mix)),
            )
            for mix in mixes
        ],
        empty=gettext("Замесов пока нет"),
    )


def _matrix(items: Sequence[OrderItem], mixes: Iterable[Mix], uses: Iterable[MixUse]) -> Table:
    """Show what each mix took of each component, and how much it is together."""
    taken = _taken(uses)
    out = [mix for mix in mixes if any(one == mix.pk for one, _lot in taken)]
    rows: list[list[Cell]] = []
    for mix in out:
        amounts = [taken.get((mix.pk, item.lot_id), NOTHING) for item in items]
        rows.append([parts.record_cell(mix), *map(kg, amounts), kg(sum(amounts, NOTHING))])
    return Table(
        gettext("Списано по замесам, кг"),
        (_("Замес"), *(str(item.lot.record) for item in items), _("Всего")),
        rows,
        empty=gettext("Ещё ничего не списано"),
    )


def _pallets(pallets: Iterable[Pallet]) -> Table:
    return Table(
        gettext("Паллеты"),
        (_("Паллет"), _("День"), _("Нетто, кг"), _("Состояние")),
        [
            (parts.record_cell(one), cell(one.production_day), kg(one.net), badge(one))
            for one in pallets
        ],
        empty=gettext("Паллетов пока нет"),
    )


def _genealogy(mixes: Iterable[Mix]) -> Section:
    """Draw what left the mixer: it has both its raw meat and what became of it."""
    made = [mix.lot_id for mix in mixes if mix.state in DISCHARGED]
    return parts.genealogy_of(made, gettext("Ни один замес ещё не вышел из миксера"))


def _stages(mixes: Iterable[Mix], changes: Iterable[StateHistory]) -> Table:
    """Show which mix became what, when, by whom (domain 11.2, F135)."""
    named = {str(mix.pk): mix for mix in mixes}
    titles = parts.state_titles(Mix, Mix.Quality, Mix.AshState)
    return Table(
        gettext("Этапы замесов"),
        (_("Когда"), _("Замес"), _("Что")),
        [
            (
                cell(change.at),
                parts.record_cell(named.get(change.record_id)),
                cell(past.signed(past.moved(change, titles), change)),
            )
            for change in changes
        ],
    )


def _facts(order: MincedOrder) -> Any:
    return parts.facts(
        gettext("Партия фарша"),
        [
            (gettext("Рецепт"), cell(order.recipe)),
            (gettext("Линия продукта"), order.get_product_line_display()),
            (gettext("Дата поступления"), order.arrival_date),
            (gettext("Начать не раньше"), order.start_not_before),
            (gettext("Очередь"), order.priority),
            (gettext("Ночная смена"), order.is_night),
            (gettext("Жир, %"), cell(order.fat, decimals=2)),
            (gettext("Белок, %"), cell(order.protein, decimals=2)),
            (gettext("Влага, %"), cell(order.moisture, decimals=2)),
            (gettext("Проанализировано, кг"), kg(order.analysed_kg)),
            (gettext("Почему вне нормы"), order.forecast_reason),
            (gettext("Создана"), order.created_at),
            (gettext("Кто создал"), cell(order.created_by)),
        ],
    )
