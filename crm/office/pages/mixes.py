"""«Замесы»: where each stands, what it took, what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from crm.ledger.models import StateHistory
from crm.office import columns, parts, past
from crm.office.amounts import summed
from crm.office.card import Card, Cell, Figure, Later, Table, cell, kg
from crm.office.corrected import CorrectedAdmin
from crm.office.correction import by_transition
from crm.office.filters import IntakeRangeFilter, NumberRangeFilter
from crm.office.held import HeldFilter, show_holds, with_holds
from crm.office.holding import HOLD
from crm.office.language import own_said
from crm.office.origin import LINK
from crm.office.tones import TONES, badge, verdict_tone
from crm.office.whereabouts import places, with_places
from crm.production.models import FreezerLoad, Mix, MixUse, PalletItem, Waiting
from crm.quality.models import AshAnalysis, MixAnalysis
from engine.model.values import show_number

Step = tuple[datetime, Cell, str, Any]  # when, what, values, who


@admin.register(Mix)
class MixPage(CorrectedAdmin):
    """Mixes as facts."""

    list_display = (
        *("show_number", "show_recipe", "line", "show_state", "show_holds", "show_quality"),
        *("show_ash", "kg_used", "show_place", "show_wait"),
    )
    more_columns = ("produced_at", "show_order", "rework_gen", "remake", "created_at")
    list_display_links = ("show_number",)
    comes = _("Замесы появляются вместе с партией фарша.")
    list_filter = (
        ("produced_at", IntakeRangeFilter),
        ("created_at", IntakeRangeFilter),
        ("rework_gen", NumberRangeFilter),
        ("state", ChoicesDropdownFilter),
        ("line", NumberRangeFilter),
        ("quality", ChoicesDropdownFilter),
        ("ash_state", ChoicesDropdownFilter),
        ("order__recipe", RelatedDropdownFilter),
        HeldFilter,
    )
    search_fields = ("=number",)
    numbers = ("number",)
    search_help_text = _("Номер замеса или партии фарша")
    ordering = ("-created_at", "-id")
    totals = {"used": _("Списано")}
    corrections = (
        by_transition(
            "mix",
            "step_back",
            _("Замес вернётся на один этап. Где следующее место свободно, он пойдёт дальше сам."),
        ),
        by_transition(
            "mix",
            "reissue",
            _("Место на линии освободится, задачи снимутся, замес встанет в начало очереди."),
        ),
        replace(
            by_transition(
                "mix",
                "release_blocked",
                _("Замес станет годным с отклонением, его блокировка по ФХП снимется."),
            ),
            stands=lambda mix: mix.quality == Mix.Quality.BLOCKED,
        ),
        by_transition(
            "mix",
            "undo_discharge",
            _("Списание отменится обратной проводкой, загрузка и паллеты аннулируются."),
        ),
        by_transition(
            "mix",
            "cancel",
            _("Место на линии освободится, доля замеса останется в плане для остальных."),
            tone="bad",
        ),
        by_transition(
            "mix_ash",
            "retest_ash",
            _("Лаборатория определит золу ещё раз, прежнее значение останется в истории."),
        ),
        by_transition(
            "mix_ash",
            "accept_ash",
            _("Замес станет годным с отклонением по золе, его блокировка по золе снимется."),
        ),
        LINK,
        HOLD,
    )
    show_number = columns.plain("number", _("Номер"))
    show_recipe = columns.plain("order.recipe", _("Рецепт"), "order__recipe__name_key")
    show_order = columns.linked("order", _("Партия фарша"), "order__number")
    show_state = columns.state(_("Этап"))
    show_quality = columns.state(_("ФХП"), "quality")
    show_ash = columns.state(_("Зола"), "ash_state")
    show_holds = show_holds
    kg_used = columns.kg("used", _("Списано, кг"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mix]:
        """Read mixes with what they took, wait for and where they are, in three queries."""
        waits = Waiting.objects.filter(
            record=Mix.RECORD, record_id=Cast(OuterRef("pk"), CharField()), field="state"
        )
        rows = Mix.objects.select_related("order__recipe", "lot").annotate(
            used=summed(MixUse.objects.filter(undone_by__isnull=True), "mix"),
            waits=Subquery(waits.values("why")[:1]),
        )
        return with_places(with_holds(rows))

    def card_rows(self, request: HttpRequest) -> QuerySet[Mix]:
        """Read a mix without its places: its card shows them itself."""
        return self.get_queryset(request).prefetch_related(None)

    @columns.column(description=_("Где"))
    def show_place(self, mix: Mix) -> str:
        """The freezer and the pallets."""
        return cell(places(mix)).text

    @columns.column(description=_("Чего ждёт"), ordering="waits")
    def show_wait(self, mix: Any) -> str:
        """What it waits for."""
        return past.wait_said(Mix.RECORD, mix.waits) or "—"

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: the way through the plant, what it took, analyses, pallets."""
        mix: Mix = record
        return Card(
            title=gettext("Замес {number}").format(number=mix),
            badge=badge(mix),
            subtitle=past.wait_said(Mix.RECORD, record.waits),
            figures=[
                Figure(gettext("Списано"), kg(record.used).text, gettext("кг")),
                Figure(gettext("Линия"), cell(mix.line).text),
                Figure(gettext("ФХП"), str(mix.get_quality_display())),
                Figure(gettext("Зола"), str(mix.get_ash_state_display())),
            ],
            main=(
                _way(mix),
                _uses(mix),
                _pallets(mix),
                parts.photos(mix.lot),
                parts.genealogy(mix.lot),
                parts.ledger(Q(lot=mix.lot_id) | Q(mix=mix), many_lots=True),
            ),
            side=(
                _facts(mix),
                parts.tasks(mix.RECORD, mix.pk),
                parts.deviations(mix.lot),
                parts.holds(mix.lot),
                parts.documents(mix.lot),
                parts.neighbours(mix.lot),
            ),
        )


def _way(mix: Mix) -> Later:
    """Show everything that happened to a mix in one line of time: stages, values, people."""

    def make(*rows: Any) -> Table:
        history, values, analyses, ashes, loads = rows
        found = [*_stages(mix, history), *_analyses(analyses), *_ashes(ashes), *_loads(loads)]
        found += [
            (
                one.at,
                cell(past.corrected(one, Mix)),
                own_said(one.reason),
                one.by or gettext("система"),
            )
            for one in values
        ]
        steps = sorted(found, key=lambda step: step[0])
        return Table(
            gettext("Ход замеса"),
            (_("Когда"), _("Этап"), _("Значения"), _("Кто")),
            [(cell(at), what, cell(values), cell(who)) for at, what, values, who in steps],
        )

    return Later(
        (
            past.states_of(mix),
            past.values_of(mix),
            mix.analyses.select_related("by"),
            mix.ash_analyses.select_related("by"),
            mix.loads.select_related("freezer", "created_by", "mix"),
        ),
        make,
    )


def _stages(mix: Mix, history: Iterable[StateHistory]) -> Iterator[Step]:
    titles = parts.state_titles(Mix, Mix.Quality, Mix.AshState)
    for change in history:
        shown = past.moved(change, titles)
        tone = TONES.get(change.to_state, "")
        who = change.by or gettext("система")
        yield change.at, Cell(shown, tone=tone), own_said(change.reason), who


def _analyses(analyses: Iterable[MixAnalysis]) -> Iterator[Step]:
    for one in analyses:
        values = gettext("Ж {fat} Б {protein} В {moisture} %").format(
            fat=show_number(one.fat, 2),
            protein=show_number(one.protein, 2),
            moisture=show_number(one.moisture, 2),
        )
        what = gettext("Анализ {attempt}").format(attempt=one.attempt)
        yield one.at, Cell(what, tone=verdict_tone(one)), values, one.by


def _ashes(ashes: Iterable[AshAnalysis]) -> Iterator[Step]:
    for ash in ashes:
        what = gettext("Зола {attempt}").format(attempt=ash.attempt)
        values = f"{show_number(ash.ash, 2)} %"
        yield ash.at, Cell(what, tone=verdict_tone(ash)), values, ash.by


def _loads(loads: Iterable[FreezerLoad]) -> Iterator[Step]:
    for load in loads:
        if load.loaded_at:
            yield load.loaded_at, parts.record_cell(load), "", load.created_by
        if load.unloaded_at:
            temp = "" if load.core_temp_out is None else f"{show_number(load.core_temp_out, 1)} °C"
            yield load.unloaded_at, cell(gettext("Выгружен из камеры")), temp, None


def _uses(mix: Mix) -> Later:
    def make(uses: Iterable[MixUse]) -> Table:
        return Table(
            gettext("Что взято"),
            (_("Компонент"), _("кг"), ""),
            [
                (
                    parts.later_lot(use.lot_id),
                    kg(use.kg),
                    Cell(gettext("отменено"), tone="calm") if use.undone_by_id else Cell(""),
                )
                for use in uses
            ],
            empty=gettext("Ещё ничего не списано"),
        )

    return Later((mix.uses.all(),), make)


def _pallets(mix: Mix) -> Later:
    def make(items: Iterable[PalletItem]) -> Table:
        return Table(
            gettext("Паллеты"),
            (_("Паллет"), _("День"), _("Состояние"), _("кг")),
            [
                (
                    parts.record_cell(item.pallet),
                    cell(item.pallet.production_day),
                    badge(item.pallet),
                    kg(item.kg),
                )
                for item in items
            ],
            empty=gettext("На паллетах не был"),
        )

    return Later((PalletItem.objects.filter(lot=mix.lot).select_related("pallet"),), make)


def _facts(mix: Mix) -> Any:
    order = mix.order
    return parts.facts(
        gettext("Замес"),
        [
            (gettext("Партия фарша"), parts.record_cell(order)),
            (gettext("Рецепт"), cell(order.recipe if order else None)),
            (gettext("Замес по счёту"), mix.index),
            (gettext("Выдан повторно"), mix.remake),
            (gettext("Поколение вторфарша"), mix.rework_gen),
            (gettext("Выгружен из миксера"), mix.produced_at),
            (gettext("Создан"), mix.created_at),
        ],
    )
