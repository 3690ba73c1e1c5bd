"""«Журнал» (domain 11.2): what accounts did and took in the office, as it was written then."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.office import columns
from crm.office.base import CardAdmin
from crm.office.card import Card, Fields, cell
from crm.office.columns import column
from crm.office.filters import IntakeRangeFilter


@admin.register(LogEntry)
class JournalPage(CardAdmin):
    """Lines that nobody writes by hand; rows are numbered in the order of time."""

    comes = _("Журнал пишется сам, когда кто-то что-то меняет или выгружает в офисе.")
    list_title = _("Журнал")
    list_display = ("show_at", "show_user", "show_what", "show_kind", "show_subject")
    list_filter = (("action_time", IntakeRangeFilter),)
    search_fields = ("=user__username", "^object_repr")
    search_help_text = _("Учётная запись или начало названия")
    ordering = ("-id",)
    show_at = columns.plain("action_time", _("Когда"), "id")
    show_user = columns.plain("user", _("Кто"), "user")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """Read lines with their accounts and kinds."""
        return LogEntry.objects.select_related("user", "content_type")

    @column(description=_("Что сделал"))
    def show_what(self, line: LogEntry) -> str:
        """What was done, in the words of that day; Django's own are said anew."""
        return line.get_change_message() or gettext("Добавлено")

    @column(description=_("Запись"))
    def show_kind(self, line: LogEntry) -> str:
        """The kind of the record that it was done to; of one that is no more, its code."""
        kind = line.content_type.model_class() if line.content_type else None
        return str(kind._meta.verbose_name) if kind else str(line.content_type or "")

    @column(description=_("Название"))
    def show_subject(self, line: LogEntry) -> str:
        """The record as it was called then."""
        return line.object_repr

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of a line, with the way to its record."""
        line: LogEntry = record
        address = line.get_admin_url() if line.object_id else None
        fields = [
            (gettext("Когда"), cell(line.action_time)),
            (gettext("Кто"), cell(line.user)),
            (gettext("Запись"), cell(self.show_kind(line))),
            (gettext("Название"), cell(line.object_repr, href=address or "")),
            (gettext("Что сделал"), cell(self.show_what(line))),
        ]
        return Card(title=line.object_repr, main=(Fields(gettext("Действие в офисе"), fields),))
