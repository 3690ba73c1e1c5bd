"""«Просьбы о помощи» and «Сдачи смены» (domain 11.2, 5.13): answered in the chats, read here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
)

from crm.bridge.listing import records
from crm.bridge.program import program
from crm.office import columns, parts
from crm.office.base import CardAdmin
from crm.office.card import NOTHING, Card, Cell, Table, cell
from crm.office.filters import AgeFilter, IntakeRangeFilter, OpenFilter
from crm.office.language import said
from crm.office.pages.notices import HolderFilter
from crm.office.tones import badge
from crm.production.capacity import title_of
from crm.work.models import Handover, HelpRequest


class CallerFilter(HolderFilter):
    """The role of who called."""

    title = _("Роль того, кто просит")
    person = "author"


class CallOpenFilter(OpenFilter):
    """«Открыта»: somebody is waited for, or is on his way."""

    ended = "ended_at"


class CallAgeFilter(AgeFilter):
    """How long somebody has waited for help."""

    since = "created_at"
    waits = Q(ended_at__isnull=True)


class StationFilter(DropdownFilter):
    """The station that was to stand still."""

    title = _("Станция")
    parameter_name = "station"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the stations that calls were about."""
        found = HelpRequest.objects.exclude(station="").order_by("station")
        return [
            (one, station_said(one)) for one in found.values_list("station", flat=True).distinct()
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[HelpRequest]
    ) -> QuerySet[HelpRequest]:
        """Keep the calls about a station."""
        return queryset.filter(station=self.value()) if self.value() else queryset


def station_said(station: str) -> str:
    """Say what people call a station, in the language of the page."""
    program()  # an office that has just started has not read the forms yet
    return said(title_of(station))


@admin.register(HelpRequest)
class HelpPage(CardAdmin):
    """Calls for help, the latest first."""

    list_display = ("topic", "show_state", "show_author", "text", "created_at", "show_going")
    more_columns = ("answer", "ended_at", "show_station")
    comes = _("Просьбы появляются, когда в чате бота нажимают «Помощь».")
    list_filter = (
        ("created_at", IntakeRangeFilter),
        ("ended_at", IntakeRangeFilter),
        ("state", ChoicesDropdownFilter),
        ("topic", ChoicesDropdownFilter),
        CallOpenFilter,
        CallerFilter,
        StationFilter,
        CallAgeFilter,
    )
    search_fields = ("text", "answer", "subject_id")
    folded = ("author__name_key",)
    search_help_text = _("Кто просит, слова просьбы или ответа")
    ordering = ("-created_at", "-id")
    show_state = columns.state(_("Состояние"))
    show_author = columns.plain("author", _("Кто"), "author__full_name")
    show_going = columns.plain("going_by", _("Кто идёт"), "going_by__full_name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[HelpRequest]:
        """Read calls with people, in one query."""
        return HelpRequest.objects.select_related("author", "going_by", "task")

    @columns.column(description=_("Станция"), ordering="station")
    def show_station(self, call: HelpRequest) -> str:
        """The station that was to stand still, as people call it."""
        return station_said(call.station) if call.station else NOTHING

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: who called, what about, who came, when it was over."""
        call: HelpRequest = record
        known = records().get(call.subject)
        about = known.all().filter(pk=call.subject_id).first() if known else None
        return Card(
            title=str(call),
            badge=badge(call),
            subtitle=call.text,
            main=(
                parts.facts(
                    gettext("Просьба о помощи"),
                    [
                        (gettext("Кто"), cell(call.author)),
                        (gettext("Когда"), call.created_at),
                        (gettext("Что случилось"), call.text),
                        (gettext("Задача"), parts.record_cell(call.task)),
                        (gettext("О чём"), parts.record_cell(about)),
                        (gettext("Станция"), self.show_station(call)),
                        (gettext("Кто идёт"), cell(call.going_by)),
                        (gettext("Ответ"), call.answer),
                        (gettext("Закрыта"), call.ended_at),
                    ],
                ),
            ),
            side=(parts.tasks(call.RECORD, call.pk), parts.history(call)),
        )


@admin.register(Handover)
class HandoverPage(CardAdmin):
    """Shifts that were handed over, the latest first."""

    list_display = (
        "created_at",
        "show_state",
        "show_given",
        "show_taken",
        "taken_at",
        "show_whole",
    )
    more_columns = ("show_successor", "note", "question")
    comes = _("Смену сдают в чате бота: «Сдать смену».")
    list_filter = (
        ("created_at", IntakeRangeFilter),
        ("taken_at", IntakeRangeFilter),
        ("state", ChoicesDropdownFilter),
        ("whole", BooleanRadioFilter),
    )
    search_fields = ("note", "question")
    folded = ("given_by__name_key", "taken_by__name_key")
    search_help_text = _("Кто сдал, кто принял, слова примечания")
    ordering = ("-created_at", "-id")
    show_state = columns.state(_("Состояние"))
    show_given = columns.plain("given_by", _("Кто сдал"), "given_by__full_name")
    show_taken = columns.plain("taken_by", _("Кто принял"), "taken_by__full_name")
    show_whole = columns.plain("whole", _("Вся смена"))  # `whole` is what sums a long list
    show_successor = columns.plain("successor", _("Кому"), "successor__full_name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Handover]:
        """Read handovers with people, in one query."""
        return Handover.objects.select_related("given_by", "taken_by", "successor")

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: the digest as it was read then, the note, the question."""
        handover: Handover = record
        return Card(
            title=gettext("Сдача смены: {who}").format(who=handover.given_by),
            badge=badge(handover),
            subtitle=handover.note,
            main=(lines(gettext("Сводка"), handover.digest),),
            side=(
                parts.facts(
                    gettext("Сдача смены"),
                    [
                        (gettext("Кто сдал"), cell(handover.given_by)),
                        (gettext("Сдана"), handover.created_at),
                        (gettext("Вся смена"), handover.whole),
                        (gettext("Кому"), cell(handover.successor)),
                        (gettext("Вопросы"), handover.question),
                        (gettext("Кто принял"), cell(handover.taken_by)),
                        (gettext("Принята"), handover.taken_at),
                    ],
                ),
                parts.tasks(handover.RECORD, handover.pk),
                parts.history(handover),
            ),
        )


def lines(title: str, text: str) -> Table:
    """Show a text that was kept as it was told, line by line."""
    return Table(title, ("",), [(Cell(line),) for line in text.splitlines() if line.strip()])
