"""«Недоставленные» and all other notices."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from crm.office import acts
from crm.office.base import CardAdmin, acting
from crm.office.card import Card, Cell, Command, Fields, cell
from crm.office.columns import column, own
from crm.office.filters import IntakeRangeFilter
from crm.office.language import own_said
from crm.office.links import command_link
from crm.office.pages.work import RoleFilter
from crm.office.tones import UNFOLD_LABELS, badge
from crm.outbox.models import Notice
from crm.outbox.operations.send import retry
from crm.people.models import PersonRole

CHANGE = "outbox.change_notice"


class HolderFilter(RoleFilter):
    """The role of a person of the row: of who was told."""

    person: ClassVar[str] = "person"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows of holders of a role."""
        holders = PersonRole.objects.filter(role=self.value()).values("person")
        return queryset.filter(**{f"{self.person}__in": holders}) if self.value() else queryset


@admin.register(Notice)
class NoticePage(CardAdmin):
    """Notices as facts; a dead letter can be tried again."""

    comes = _("Уведомления появляются, когда бот пишет людям.")
    list_display = (
        "show_text",
        "kind",
        "person",
        "show_state",
        "attempts",
        "created_at",
        "sent_at",
        "show_error",
    )
    list_filter = (
        ("created_at", IntakeRangeFilter),
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        HolderFilter,
    )
    folded = ("person__name_key",)
    search_fields = ("last_error", "event")
    ordering = ("-created_at", "-position")
    commands = {"retry": CHANGE}
    show_error = own("last_error", _("Последняя ошибка"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        """Read notices with their people."""
        return Notice.objects.select_related("person")

    @column(description=_("Текст"))
    def show_text(self, notice: Notice) -> str:
        """The beginning of the text."""
        return str(notice)

    @column(description=_("Состояние"), label=UNFOLD_LABELS, ordering="state")
    def show_state(self, notice: Notice) -> tuple[str, str]:
        """The state in its colour."""
        return notice.state, notice.get_state_display()

    def offered(self, request: HttpRequest, record: Any) -> list[Command]:
        """Offer to retry what was not delivered."""
        if record.state != Notice.State.UNDELIVERABLE or not request.user.has_perm(CHANGE):
            return []
        return [
            Command(
                gettext("Повторить"),
                command_link(record, "retry"),
                gettext(
                    "Сообщение будет отправлено ещё раз, в чат, который есть у человека сейчас."
                ),
                gettext("Повторить"),
            )
        ]

    def retry(self, request: HttpRequest, notice: Notice) -> str:
        """«Повторить»."""
        retry(acting(request), notice=notice, at=timezone.now())
        return acts.SENT_AGAIN

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of a notice."""
        notice: Notice = record
        return Card(
            title=gettext("Уведомление"),
            badge=badge(notice),
            subtitle=notice.plain_text,
            main=(
                Fields(
                    gettext("Доставка"),
                    [
                        (gettext("Кому"), cell(notice.person)),
                        (gettext("Чат"), Cell(str(notice.chat_id or "—"))),
                        (gettext("Вид"), cell(notice.get_kind_display())),
                        (gettext("О чём"), cell(notice.event)),
                        (gettext("Создано"), cell(notice.created_at)),
                        (gettext("Попыток"), cell(notice.attempts)),
                        (gettext("Следующая попытка"), cell(notice.next_try_at)),
                        (gettext("Последняя ошибка"), cell(own_said(notice.last_error))),
                        (gettext("Отправлено"), cell(notice.sent_at)),
                    ],
                ),
            ),
        )
