"""«Отклонения» and «Пределы»: facts of the quality department."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from crm.ledger.operations.move_state import history_of
from crm.office import files
from crm.office.base import CardAdmin, IntakeRangeFilter, column, link
from crm.office.card import Card, Fields, Photos, Table, bounds, cell
from crm.office.tones import UNFOLD_LABELS, badge
from crm.people.roles import Role
from crm.quality.models import Deviation, LimitVersion
from crm.spans import plain
from engine.model.values import show_number

LEVELS = ("задан", "напомнили", "начальнику смены", "директору")


@admin.register(Deviation)
class DeviationPage(CardAdmin):
    """Deviations: decided in chats, read here."""

    list_display = (
        "number",
        "show_state",
        "label",
        "value_text",
        "show_limit",
        "asked_by",
        "asked_at",
        "decided_by",
        "decided_at",
        "raw_batch",
    )
    list_filter = (("asked_at", IntakeRangeFilter), ("state", ChoicesDropdownFilter))
    search_fields = ("number", "=raw_batch__number")
    folded = ("asked_by__name_key",)
    ordering = ("-asked_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deviation]:
        """Read deviations with people and batches."""
        return Deviation.objects.select_related("asked_by", "decided_by", "raw_batch")

    @column(description="Решение", label=UNFOLD_LABELS, ordering="state")
    def show_state(self, deviation: Deviation) -> tuple[str, str]:
        """The decision in its colour."""
        return deviation.state, deviation.get_state_display()

    @column(description="Норма")
    def show_limit(self, deviation: Deviation) -> str:
        """The bounds that were in force."""
        return bounds(deviation)

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: the value, the limit, the evidence, the decision, all times."""
        deviation: Deviation = record
        return Card(
            title=f"Отклонение {deviation.number}",
            badge=badge(deviation),
            subtitle=plain(deviation.card),
            main=(
                _measured(deviation),
                Photos("Фото", [files.picture(key) for key in deviation.pictures]),
            ),
            side=(
                _decision(deviation),
                Table(
                    "История",
                    ("Когда", "Событие", "Кто", "Причина"),
                    [
                        (
                            cell(change.at),
                            cell(EVENTS.get(change.transition, change.transition)),
                            cell(change.by or "система"),
                            cell(change.reason),
                        )
                        for change in history_of(deviation).select_related("by")
                    ],
                ),
            ),
        )


def _measured(deviation: Deviation) -> Fields:
    batch = deviation.raw_batch
    return Fields(
        "Что измерено",
        [
            ("Что", cell(deviation.label)),
            ("Значение", cell(deviation.value_text)),
            ("Норма", cell(bounds(deviation))),
            ("Источник", cell(deviation.limit_source)),
            ("Версия предела", cell(deviation.limit_version)),
            ("Партия", cell(batch, href=link(batch) if batch else "")),
            ("Кто спросил", cell(deviation.asked_by)),
            ("Когда спросил", cell(deviation.asked_at)),
        ],
    )


def _decision(deviation: Deviation) -> Fields:
    return Fields(
        "Решение",
        [
            ("Кто решает", cell(", ".join(Role(role).label for role in deviation.roles))),
            ("Решение", badge(deviation)),
            ("Кто решил", cell(deviation.decided_by)),
            ("Когда решено", cell(deviation.decided_at)),
            ("Комментарий", cell(deviation.comment)),
            ("Напомнить в", cell(deviation.warn_at)),
            ("Срок", cell(deviation.breach_at)),
            ("Напомнили", cell(deviation.warned_at)),
            ("Срок вышел", cell(deviation.breached_at)),
            ("Уровень", cell(LEVELS[deviation.level])),
        ],
    )


EVENTS = {
    "request": "запрошено решение",
    "approve": "согласовано",
    "reject": "отклонено",
    "withdraw": "отозвано",
    "escalate": "повышен уровень",
}


@admin.register(LimitVersion)
class LimitPage(CardAdmin):
    """Limits with all their versions."""

    list_display = (
        "title",
        "when",
        "show_least",
        "show_most",
        "unit",
        "source",
        "version",
        "since",
    )
    list_filter = ()
    search_fields = ("title", "name", "source")
    ordering = ("name", "-version", "position")

    @column(description="Не меньше", ordering="least")
    def show_least(self, limit: LimitVersion) -> str:
        """The lower bound."""
        return "—" if limit.least is None else show_number(limit.least)

    @column(description="Не больше", ordering="most")
    def show_most(self, limit: LimitVersion) -> str:
        """The upper bound."""
        return "—" if limit.most is None else show_number(limit.most)

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of one case of one version."""
        limit: LimitVersion = record
        return Card(
            title=str(limit),
            main=(
                Fields(
                    "Предел",
                    [
                        ("Имя в формах", cell(limit.name)),
                        ("Когда", cell(limit.when)),
                        ("Норма", cell(bounds(limit))),
                        ("Источник", cell(limit.source)),
                        ("Версия", cell(limit.version)),
                        ("Действует с", cell(limit.since)),
                        ("Автор", cell(limit.author)),
                        ("Причина", cell(limit.reason)),
                    ],
                ),
            ),
        )
