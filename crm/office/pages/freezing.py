"""«Камеры» with their places, «Загрузки»: what stands where, since when, until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RadioFilter,
    RelatedDropdownFilter,
)

from crm.bridge.records import row_of
from crm.catalogue.models import Freezer
from crm.office import acts, columns, parts
from crm.office.adding import AddingAdmin
from crm.office.base import acting
from crm.office.card import Card, Command, Figure, Table, Tone, cell
from crm.office.corrected import CorrectedAdmin
from crm.office.correction import REASON, Asks, by_transition
from crm.office.filters import IntakeRangeFilter, NumberRangeFilter
from crm.office.freezers import ADD
from crm.office.links import command_link, link
from crm.office.tones import badge
from crm.office.whereabouts import slots
from crm.production.models import FreezerLoad
from crm.production.models.freezing import HOLDS_A_SLOT
from crm.production.operations.freezers import activate_freezer, deactivate_freezer

CHANGE = "catalogue.change_freezer"


def _asks_freezer(load: FreezerLoad) -> Asks:
    others = Freezer.objects.filter(active=True, kind=load.freezer.kind).exclude(pk=load.freezer_id)
    field = forms.ModelChoiceField(
        label=_("Камера"), queryset=others.order_by("number"), empty_label=gettext("Выберите")
    )
    return {"freezer": field}


class StandsFilter(RadioFilter):
    """«Стоит сейчас»: whether a load has its place still."""

    title = _("Стоит сейчас")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer both."""
        return [("yes", gettext("Да")), ("no", gettext("Нет"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[FreezerLoad]
    ) -> QuerySet[FreezerLoad]:
        """Keep what stands in a freezer, or what was taken out."""
        here = Q(state__in=HOLDS_A_SLOT)
        return queryset.filter({"yes": here, "no": ~here}.get(str(self.value()), Q()))


@admin.register(FreezerLoad)
class LoadPage(CorrectedAdmin):
    """Loads as facts."""

    list_display = (
        *("show_freezer", "slot", "show_mix", "show_pallet", "loaded_at", "due_at"),
        *("unloaded_at", "show_temp", "show_over", "show_state"),
    )
    more_columns = ("show_author", "show_approved", "created_at")
    list_display_links = ("show_freezer",)
    comes = _("Загрузки появляются, когда замес или паллет поставили в камеру.")
    list_filter = (
        ("loaded_at", IntakeRangeFilter),
        ("due_at", IntakeRangeFilter),
        ("core_temp_out", NumberRangeFilter),
        ("freezer", RelatedDropdownFilter),
        StandsFilter,
        ("state", ChoicesDropdownFilter),
    )
    search_fields = ("=mix__number", "pallet__number__exact")
    numbers = ("mix__number",)
    search_help_text = _("Номер замеса или паллета")
    ordering = ("-created_at", "-id")
    corrections = (
        by_transition(
            "freezer_load",
            "move",
            _("Загрузка займёт первое свободное место другой камеры, срок останется прежним."),
            asks=_asks_freezer,
            gives=lambda load, values: {"freezer": row_of(values["freezer"])},
        ),
        by_transition(
            "freezer_load",
            "void",
            _("Загрузка записана по ошибке: место освободится, задача снимется."),
            tone="bad",
        ),
    )
    show_freezer = columns.plain("freezer", _("Камера"), "freezer__number")
    show_mix = columns.linked("mix", _("Замес"), "mix__number")
    show_pallet = columns.linked("pallet", _("Паллет"), "pallet__number")
    show_temp = columns.plain("core_temp_out", _("В толще, °C"), decimals=1)
    show_author = columns.plain("created_by", _("Кто загрузил"), "created_by__full_name")
    show_approved = columns.plain("early_approved_by", _("Кто разрешил раньше"))
    show_state = columns.state(_("Состояние"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[FreezerLoad]:
        """Read loads with what they are of, in one query."""
        return FreezerLoad.objects.select_related(
            "freezer", "mix__lot", "pallet__lot", "created_by", "early_approved_by"
        )

    @columns.column(description=_("Минут сверх"))
    def show_over(self, load: FreezerLoad) -> str:
        """How many minutes past its due time it stood or stands."""
        until = load.unloaded_at or timezone.now()
        if load.due_at is None or load.state == FreezerLoad.State.VOIDED or until <= load.due_at:
            return "—"
        return cell(int((until - load.due_at).total_seconds() // 60)).text

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: what stands where, its times, its temperature."""
        load: FreezerLoad = record
        what: Any = load.mix or load.pallet
        return Card(
            title=gettext("Загрузка: {what}").format(what=str(load)),
            badge=badge(load),
            main=(
                parts.facts(
                    gettext("Загрузка"),
                    [
                        (gettext("Камера"), parts.record_cell(load.freezer)),
                        (gettext("Место"), load.slot),
                        (gettext("Замес"), parts.record_cell(load.mix)),
                        (gettext("Паллет"), parts.record_cell(load.pallet)),
                        (gettext("Загружена"), load.loaded_at),
                        (gettext("Срок выгрузки"), load.due_at),
                        (gettext("Выгружена"), load.unloaded_at),
                        (gettext("Минут сверх срока"), self.show_over(load)),
                        (
                            gettext("В толще, °C"),
                            cell(load.core_temp_out, decimals=1),
                        ),
                        (gettext("Кто разрешил выгрузить раньше"), cell(load.early_approved_by)),
                        (gettext("Кто загрузил"), cell(load.created_by)),
                    ],
                ),
                parts.measurements(what.lot),
                parts.photos(what.lot),
                parts.genealogy(what.lot),
                parts.ledger(Q(lot=what.lot_id)),
            ),
            side=(
                parts.tasks(load.RECORD, load.pk),
                parts.documents(what.lot),
                parts.history(load),
            ),
        )


@admin.register(Freezer)
class FreezerPage(AddingAdmin):
    """Plate freezers and shockers, with what stands in their places."""

    adding = ADD
    comes = _("Добавьте камеру кнопкой «+»: без неё замораживать негде.")
    commands = {"deactivate": CHANGE, "activate": CHANGE}

    list_display = (
        *("show_name", "kind", "line", "capacity", "show_free", "min_minutes", "active"),
    )
    list_display_links = ("show_name",)
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("capacity", NumberRangeFilter),
        ("active", BooleanRadioFilter),
    )
    search_fields = ("number__exact",)
    search_help_text = _("Номер камеры")
    ordering = ("kind", "number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Freezer]:
        """Read freezers with how many places are free."""
        held = FreezerLoad.objects.filter(freezer=OuterRef("pk"), state__in=HOLDS_A_SLOT)
        counted = held.order_by().values("freezer").annotate(count=Count("pk")).values("count")
        return Freezer.objects.annotate(free=F("capacity") - Coalesce(Subquery(counted), 0))

    @columns.column(description=_("Камера"), ordering="number")
    def show_name(self, freezer: Freezer) -> str:
        """The kind and the number."""
        return str(freezer)

    @columns.column(description=_("Свободно"), ordering="free")
    def show_free(self, freezer: Any) -> str:
        """Free places."""
        return str(freezer.free)

    def offered(self, request: HttpRequest, record: Any) -> list[Command]:
        """Offer to take a freezer out of use, or to put it to use again."""
        freezer: Freezer = record
        if not request.user.has_perm(CHANGE):
            return []
        name, title = "activate", gettext("Вернуть в работу")
        explains = gettext("Камеру снова можно загружать.")
        if freezer.active:
            name, title = "deactivate", gettext("Вывести из работы")
            explains = gettext("Камеру больше не предложат. Записанное о ней останется.")
        tone: Tone = "bad" if freezer.active else ""
        action = command_link(freezer, name)
        return [Command(title, action, explains, title, reason=REASON, tone=tone)]

    def deactivate(self, request: HttpRequest, freezer: Freezer) -> str:
        """«Вывести из работы»."""
        why = request.POST.get("reason", "")
        deactivate_freezer(acting(request), freezer=freezer, reason=why, at=timezone.localtime())
        return acts.OUT_OF_WORK.with_values({"why": why})

    def activate(self, request: HttpRequest, freezer: Freezer) -> str:
        """«Вернуть в работу»."""
        why = request.POST.get("reason", "")
        activate_freezer(acting(request), freezer=freezer, reason=why, at=timezone.localtime())
        return acts.AT_WORK_AGAIN.with_values({"why": why})

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: the map of places, the latest loads."""
        freezer: Freezer = record
        standing = _standing(freezer)
        inside = Q(lot__in=[one.lot_id for load in standing if (one := load.mix or load.pallet)])
        latest = freezer.loads.select_related("mix", "pallet")[: parts.MOST]
        return Card(
            title=str(freezer),
            subtitle="" if freezer.active else gettext("не действует"),
            figures=[
                Figure(gettext("Мест"), str(freezer.capacity)),
                Figure(gettext("Свободно"), str(record.free)),
                Figure(gettext("Минут не меньше"), str(freezer.min_minutes)),
                Figure(gettext("Линия"), cell(freezer.line).text),
            ],
            main=(
                slots(freezer, standing),
                Table(
                    gettext("Загрузки"),
                    (_("Место"), _("Что"), _("Загружена"), _("Срок"), _("Выгружена"), ""),
                    [
                        (
                            cell(load.slot, href=link(load)),
                            parts.kind_cell(load.mix or load.pallet),
                            cell(load.loaded_at),
                            cell(load.due_at),
                            cell(load.unloaded_at),
                            badge(load),
                        )
                        for load in latest
                    ],
                    empty=gettext("Загрузок пока нет"),
                ),
                parts.photos_of(inside),
                parts.ledger(inside, many_lots=True),
            ),
            side=(parts.documents_of(inside),),
        )


def _standing(freezer: Freezer) -> list[FreezerLoad]:
    rows = freezer.loads.filter(state__in=HOLDS_A_SLOT)
    return list(rows.select_related("mix", "pallet"))
