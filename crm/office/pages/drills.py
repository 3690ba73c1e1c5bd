"""«Учебные отзывы» (domain 11.2, 14.2): what was found then, how fast, who signed it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from crm.bridge.files import open_files
from crm.bridge.papers import PaperMaker
from crm.bridge.program import program
from crm.office import acts, columns, parts
from crm.office.base import CardAdmin, acting
from crm.office.card import Card, Command, cell
from crm.office.filters import IntakeRangeFilter
from crm.office.links import command_link
from crm.office.pages.calls import lines
from crm.office.tones import badge
from crm.quality.models import RecallDrill
from engine.model.effects import Paper

PROTOCOL = "recall_protocol"
# The steps of `crm.production.recall`, in its order.
STEPS = {"identified": _("Определено"), "customers": _("Заказчики"), "balanced": _("Баланс")}


@admin.register(RecallDrill)
class DrillPage(CardAdmin):
    """Mock recalls, the latest first."""

    list_display = (
        *("started_at", "show_state", "show_lot", "scope", "show_started"),
        *("show_concluded", "show_signed", "signed_at"),
    )
    more_columns = ("conclusion", "concluded_at")
    commands: ClassVar[dict[str, str]] = {"protocol": "quality.view_recalldrill"}
    comes = _("Учебный отзыв начинают в чате бота: «Учебный отзыв».")
    list_filter = (
        ("started_at", IntakeRangeFilter),
        ("signed_at", IntakeRangeFilter),
        ("state", ChoicesDropdownFilter),
        ("scope", ChoicesDropdownFilter),
    )
    search_fields = ("conclusion", *parts.NUMBERS)
    folded = ("started_by__name_key",)
    search_help_text = _("Номер партии, замеса или паллета, кто начал, слова вывода")
    ordering = ("-started_at", "-id")
    show_state = columns.state(_("Состояние"))
    show_lot = columns.linked("lot.record", _("О чём"), "lot")
    show_started = columns.plain("started_by", _("Кто начал"), "started_by__full_name")
    show_concluded = columns.plain("concluded_by", _("Кто сделал вывод"), "concluded_by__full_name")
    show_signed = columns.plain("signed_by", _("Кто подписал"), "signed_by__full_name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecallDrill]:
        """Read drills with people and what they are of, in one query."""
        lots = [f"lot__{record}" for record in parts.RECORDS]
        return RecallDrill.objects.select_related("started_by", "concluded_by", "signed_by", *lots)

    def offered(self, request: HttpRequest, record: Any) -> Sequence[Command]:
        """Return the printing of the protocol: of what was signed before there was one, too."""
        explained = gettext("Станет новой редакцией в документах отзыва; без подписи — черновик.")
        title = gettext("Напечатать протокол")
        return [Command(title, command_link(record, "protocol"), explained, title)]

    def protocol(self, request: HttpRequest, drill: RecallDrill) -> str:
        """Print the protocol anew."""
        person = str(acting(request).pk)
        wanted = Paper(f"office:{uuid4()}", PROTOCOL, drill.RECORD, str(drill.pk), person)
        PaperMaker(program(), open_files())(wanted)
        return acts.PROTOCOL_PRINTED

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: the result as it was found, the clock, the conclusion and its signature, the
        protocol."""
        drill: RecallDrill = record
        return Card(
            title=gettext("Учебный отзыв: {lot}").format(lot=drill.lot.record),
            badge=badge(drill),
            subtitle=drill.get_scope_display(),
            main=(
                lines(gettext("Что нашли тогда"), drill.result),
                parts.documents_of(Q(session=drill.session)),
            ),
            side=(
                parts.facts(
                    gettext("Учебный отзыв"),
                    [
                        (gettext("О чём"), parts.lot_cell(drill.lot)),
                        (gettext("Кто начал"), cell(drill.started_by)),
                        (gettext("Начат"), drill.started_at),
                        (gettext("Вывод"), drill.conclusion),
                        (gettext("Кто сделал вывод"), cell(drill.concluded_by)),
                        (gettext("Вывод сделан"), drill.concluded_at),
                        (gettext("Кто подписал"), cell(drill.signed_by)),
                        (gettext("Подписан"), drill.signed_at),
                    ],
                ),
                parts.facts(
                    gettext("Часы, секунд от начала"),
                    [
                        (str(STEPS[step]), cell(Decimal(str(seconds)), decimals=3))
                        for step, seconds in drill.clock.items()
                        if step in STEPS
                    ],
                ),
                parts.tasks(drill.RECORD, drill.pk),
                parts.history(drill),
            ),
        )
