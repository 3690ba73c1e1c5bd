"""«Блокировки»: what may not be used, since when, why, who released it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from crm.office import columns, parts
from crm.office.card import Card, Cell, cell
from crm.office.corrected import CorrectedAdmin
from crm.office.filters import IntakeRangeFilter
from crm.office.hold_filters import (
    HeldForFilter,
    HeldKindFilter,
    PlacedByFilter,
    StandsFilter,
    WhoReleasesFilter,
)
from crm.office.holding import CONFIRM, KEEP, RELEASE
from crm.office.language import own_said, said
from crm.quality.models import Hold
from crm.quality.told import release_text


@admin.register(Hold)
class HoldPage(CorrectedAdmin):
    """Holds as facts with the commands that release them."""

    list_display = (
        *("kind", "show_lot", "show_reason", "placed_at", "show_placed", "show_asked"),
        *("released_at", "show_released"),
    )
    more_columns = ("show_release_reason", "case")
    list_display_links = ("kind",)
    comes = _(
        "Блокировку ставят с карточки партии, замеса или паллета: "
        "«Исправить», затем «Заблокировать»."
    )
    list_filter = (
        StandsFilter,
        ("placed_at", IntakeRangeFilter),
        ("released_at", IntakeRangeFilter),
        ("kind", ChoicesDropdownFilter),
        HeldKindFilter,
        PlacedByFilter,
        WhoReleasesFilter,
        HeldForFilter,
    )
    search_fields = ("reason", "=case", *parts.NUMBERS)
    folded = ("placed_by__name_key",)
    search_help_text = _("Причина, номер отзыва, партии, замеса или паллета, кто поставил")
    ordering = ("-placed_at", "-id")
    corrections = (RELEASE, CONFIRM, KEEP)
    show_lot = columns.linked("lot.record", _("Что"), "lot")
    show_reason = columns.own("reason", _("Причина"))
    show_release_reason = columns.own("release_reason", _("Почему снята"))
    show_placed = columns.plain("placed_by", _("Кто поставил"), "placed_by__full_name")
    show_asked = columns.plain("asked_by", _("Кто просит снять"), "asked_by__full_name")
    show_released = columns.plain("released_by", _("Кто снял"), "released_by__full_name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hold]:
        """Read holds with people and what they are on, in one query."""
        lots = [f"lot__{record}" for record in parts.RECORDS]
        return Hold.objects.select_related("placed_by", "asked_by", "released_by", *lots)

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: what is held, why, who may release it."""
        hold: Hold = record
        over = hold.released_at is not None
        state = gettext("Снята") if over else gettext("Действует")
        return Card(
            title=gettext("Блокировка: {kind}").format(kind=hold.get_kind_display()),
            badge=Cell(state, tone="calm" if over else "bad"),
            subtitle=own_said(hold.reason),
            main=(
                parts.facts(
                    gettext("Блокировка"),
                    [
                        (gettext("Что"), parts.lot_cell(hold.lot)),
                        (gettext("Причина"), own_said(hold.reason)),
                        (gettext("Поставлена"), hold.placed_at),
                        (gettext("Кто поставил"), cell(hold.placed_by)),
                        (gettext("Снимает"), said(release_text(hold))),
                        (gettext("Кто попросил снять"), cell(hold.asked_by)),
                        (gettext("Почему снята"), own_said(hold.release_reason)),
                        (gettext("Снята"), hold.released_at),
                        (gettext("Кто снял"), cell(hold.released_by)),
                        (gettext("Отзыв №"), hold.case),
                    ],
                ),
                parts.genealogy(hold.lot),
            ),
            side=(parts.history(hold),),
        )
