"""«Заготовки»: what was weighed out, defrosted and is waiting for the mince."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from crm.ledger.models import Account
from crm.office import columns, parts
from crm.office.amounts import with_stock
from crm.office.card import Card, Figure, Table, cell, kg
from crm.office.corrected import CorrectedAdmin
from crm.office.correction import by_transition
from crm.office.filters import DayRangeFilter, NumberRangeFilter
from crm.office.held import HeldFilter, show_holds, with_holds
from crm.office.holding import HOLD
from crm.office.language import own_said
from crm.office.recount import recount
from crm.office.taking import part_scrapped, sampled
from crm.office.tones import badge
from crm.production.models import Blank

State = Blank.State
THERE = (
    *(State.WEIGHED, State.UNPACKING, State.PROBLEM, State.UNPACKED, State.DEFROSTING),
    *(State.DEFROSTED, State.REDEFROST_REQUESTED, State.READY),
)
STORED = (*THERE, State.DEPLETED)


@admin.register(Blank)
class BlankPage(CorrectedAdmin):
    """Blanks as facts."""

    list_display = (
        *("show_number", "arrival_date", "kg_planned", "kg_actual", "kg_after_defrost"),
        *("kg_free", "show_state", "show_holds"),
    )
    more_columns = (
        "show_fat",
        "show_protein",
        "show_moisture",
        "show_temp",
        "show_author",
        "created_at",
    )
    list_display_links = ("show_number",)
    comes = _("Заготовки планирует технолог в чате бота: «Новая заготовка».")
    list_filter = (
        ("arrival_date", DayRangeFilter),
        ("weight_planned", NumberRangeFilter),
        ("state", ChoicesDropdownFilter),
        ("product_line", ChoicesDropdownFilter),
        HeldFilter,
    )
    search_fields = ("=number",)
    numbers = ("number",)
    search_help_text = _("Номер заготовки")
    ordering = ("-created_at", "-id")
    totals = {
        "weight_planned": _("План"),
        "weight_actual": _("Факт"),
        "weight_after_defrost": _("После дефростации"),
        "free": _("Доступно"),
    }
    corrections = (
        recount(STORED),
        sampled(THERE),
        part_scrapped(THERE),
        by_transition(
            "blank",
            "step_back",
            _("Заготовка вернётся на один этап, её проводки отменятся обратными."),
        ),
        by_transition(
            "blank",
            "cancel",
            _("Взвешенное вернётся на склад сырья обратной проводкой, резервы освободятся."),
            tone="bad",
        ),
        HOLD,
    )
    show_holds = show_holds
    kg_planned = columns.kg("weight_planned", _("План, кг"))
    kg_actual = columns.kg("weight_actual", _("Факт, кг"))
    kg_after_defrost = columns.kg("weight_after_defrost", _("После дефр., кг"))
    kg_free = columns.kg("free", _("Доступно, кг"))
    show_author = columns.plain("created_by", _("Кто создал"), "created_by__full_name")
    show_fat = columns.plain("fat", _("Жир, %"))
    show_protein = columns.plain("protein", _("Белок, %"))
    show_moisture = columns.plain("moisture", _("Влага, %"))
    show_temp = columns.plain("core_temp", _("Внутри блока, °C"))
    show_state = columns.state(_("Состояние"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Blank]:
        """Read blanks with what is free of them, in one query."""
        rows = with_holds(Blank.objects.select_related("created_by", "lot"))
        return with_stock(rows, Account.BLANK_STORE)

    @columns.column(description=_("Номер"), ordering="number")
    def show_number(self, blank: Blank) -> str:
        """The number; pet food is told."""
        return columns.numbered(blank)

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: composition planned and actual, parts, defrosting, where it went."""
        blank: Blank = record
        return Card(
            title=gettext("Заготовка {number}").format(number=columns.numbered(blank)),
            badge=badge(blank),
            subtitle=own_said(blank.problem_reason),
            figures=[
                Figure(gettext("План"), kg(blank.weight_planned).text, gettext("кг")),
                Figure(gettext("Факт"), kg(blank.weight_actual).text, gettext("кг")),
                Figure(
                    gettext("После дефростации"), kg(blank.weight_after_defrost).text, gettext("кг")
                ),
                Figure(gettext("Доступно"), kg(record.free).text, gettext("кг")),
            ],
            main=(
                _composition(blank),
                _facts(blank),
                parts.photos(blank.lot),
                parts.genealogy(blank.lot),
                parts.ledger(Q(lot=blank.lot_id)),
            ),
            side=(
                _runs(blank),
                parts.deviations(blank.lot),
                parts.holds(blank.lot),
                parts.neighbours(blank.lot),
                parts.documents(blank.lot),
                parts.history(blank),
            ),
        )


def _composition(blank: Blank) -> Table:
    items = blank.items.select_related("batch__raw_material", "batch__supplier")
    return Table(
        gettext("Состав"),
        (_("Партия"), _("Вид сырья"), _("Поставщик"), _("План, кг"), _("Факт, кг")),
        [
            (
                parts.record_cell(item.batch),
                cell(item.batch.raw_material),
                cell(item.batch.supplier),
                kg(item.kg_planned),
                kg(item.kg_actual),
            )
            for item in items
        ],
    )


def _facts(blank: Blank) -> Any:
    whole = blank.weight_actual or blank.weight_planned
    unknown = None if whole is None or blank.analysed_kg is None else whole - blank.analysed_kg
    return parts.facts(
        gettext("Заготовка"),
        [
            (gettext("Дата поступления"), blank.arrival_date),
            (gettext("Линия продукта"), blank.get_product_line_display()),
            (gettext("Жир, %"), cell(blank.fat, decimals=2)),
            (gettext("Белок, %"), cell(blank.protein, decimals=2)),
            (gettext("Влага, %"), cell(blank.moisture, decimals=2)),
            (gettext("Не проанализировано, кг"), kg(unknown)),
            (gettext("Температура внутри блока, °C"), cell(blank.core_temp, decimals=1)),
            (gettext("Создана"), blank.created_at),
            (gettext("Кто создал"), cell(blank.created_by)),
        ],
    )


def _runs(blank: Blank) -> Table:
    return Table(
        gettext("Дефростер"),
        (_("Включён"), _("Выключен")),
        [(cell(run.started), cell(run.stopped)) for run in blank.defrost_runs.all()],
        empty=gettext("В дефростере не была"),
    )
