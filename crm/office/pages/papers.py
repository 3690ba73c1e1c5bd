"""«Документы» and «Проводки»."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter

from crm.documents.models import Document
from crm.documents.operations.issue import VALID
from crm.documents.operations.void_document import void_document
from crm.ledger.event_titles import event_title
from crm.ledger.models import Account, Event, Posting
from crm.office import columns, exports, files, parts
from crm.office.base import CardAdmin
from crm.office.card import Card, Cell, Fields, Table, cell, kg, size
from crm.office.columns import column, linked
from crm.office.corrected import CorrectedAdmin
from crm.office.correction import Correction, Given
from crm.office.filters import IntakeRangeFilter
from crm.office.language import own_said
from crm.office.links import link
from crm.office.tones import UNFOLD_LABELS, badge
from crm.people.roles import OfficeRole
from engine.documents.pdf import MIME
from engine.errors import EngineError


def _void(document: Document, given: Given) -> None:
    void_document(given.by, document=document, reason=given.reason, at=given.at)


VOID = Correction(
    "void",
    title=lambda: gettext("Аннулировать"),
    explains=_("Документ останется в списке с отметкой «аннулирован», файл сохранится."),
    may=lambda: {OfficeRole.PRODUCTION_OFFICE.value},
    stands=lambda document: document.state in VALID,
    do=_void,
    tone="bad",
)


@admin.register(Document)
class DocumentPage(CorrectedAdmin):
    """Issued documents."""

    comes = _("Документы появляются, когда программа их оформила: акты, упаковочные листы, отчёты.")
    list_display = ("name", "show_state", "show_lot", "number", "created_at", "created_for")
    list_filter = (("created_at", IntakeRangeFilter), ("state", ChoicesDropdownFilter))
    search_fields = ("name", *parts.NUMBERS)
    ordering = ("-created_at", "-id")
    corrections = (VOID,)
    show_lot = linked("lot.record", _("Что"), "lot")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Read documents with what they are of, in one query."""
        lots = [f"lot__{record}" for record in parts.RECORDS]
        return Document.objects.select_related("created_for", "replaced_by", *lots)

    def get_urls(self) -> list[URLPattern]:
        """Add the address of a paper as a PDF."""
        view = self.admin_site.admin_view(self.pdf)
        return [
            path("<path:object_id>/pdf/", view, name="documents_document_pdf"),
            *super().get_urls(),
        ]

    def pdf(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give a Word paper as a PDF, made anew each time: what is kept is the paper itself. Any
        other file is given as it is."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        document = self._of_card(request, object_id)
        if not self.has_view_permission(request, document):
            raise PermissionDenied
        if document is None:
            return self._missing(request, object_id)
        if not files.pdf_link(document):
            return HttpResponseRedirect(files.download(document))
        try:
            name, content = files.as_pdf(document)
        except EngineError:  # it is not in the store, or the server has no fonts
            messages.error(request, gettext("Документ не печатается в PDF: скачайте его"))
            return HttpResponseRedirect(link(document))
        return exports.answer(name, MIME, content)

    def _printed(self, document: Document) -> list[tuple[str, Cell]]:
        shown = parts.printable(document)
        return [(gettext("Для печати"), shown)] if shown.text else []

    @column(description=_("Состояние"), label=UNFOLD_LABELS, ordering="state")
    def show_state(self, document: Document) -> tuple[str, str]:
        """The state in its colour."""
        return document.state, document.get_state_display()

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of a document."""
        document: Document = record
        lot, later = document.lot, document.replaced_by
        record = lot.record if lot else None
        return Card(
            title=document.name,
            badge=badge(document),
            main=(
                Fields(
                    gettext("Документ"),
                    [
                        (gettext("Файл"), Cell(gettext("Скачать"), files.download(document))),
                        *self._printed(document),
                        (gettext("Что"), cell(record, href=link(record) if record else "")),
                        (gettext("Номер"), cell(document.number)),
                        (gettext("Создан"), cell(document.created_at)),
                        (gettext("Для кого"), cell(document.created_for)),
                        (gettext("Размер"), cell(size(document.size))),
                        ("SHA-256", cell(document.sha256)),
                        (gettext("Заменён"), cell(later, href=link(later) if later else "")),
                    ],
                ),
            ),
            side=(parts.history(document),),
        )


class AccountFilter(DropdownFilter):
    """«Счёт»: what it moved anything of."""

    title = _("Счёт")
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer every account."""
        return [(one.value, str(one.label)) for one in Account]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Keep the documents with a line on it."""
        lines = Posting.objects.filter(event=OuterRef("pk"), account=self.value())
        return queryset.filter(Exists(lines)) if self.value() else queryset


@admin.register(Event)
class EventPage(CardAdmin):
    """Posting documents."""

    comes = _("Проводки появляются с первой принятой партией сырья.")
    list_display = ("show_kind", "occurred_at", "recorded_at", "by", "show_reason")
    list_filter = (("occurred_at", IntakeRangeFilter), AccountFilter)
    search_fields = ("key",)
    ordering = ("-recorded_at",)
    show_reason = columns.own("reason", _("Причина"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Read events with people."""
        return Event.objects.select_related("by", "reverses")

    @column(description=_("Событие"), ordering="kind")
    def show_kind(self, event: Event) -> str:
        """The kind by name."""
        return event_title(event.kind)

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: the lines, what it reverses, what reversed it."""
        event: Event = record
        undone = Event.objects.filter(reverses=event).first()
        first = event.reverses
        return Card(
            title=gettext("Проводка: {kind}").format(kind=self.show_kind(event)),
            main=(
                Table(
                    gettext("Строки"),
                    (gettext("Партия"), gettext("Счёт"), gettext("кг")),
                    [
                        (
                            cell(posting.lot.record, href=link(posting.lot.record)),
                            cell(posting.get_account_display()),
                            kg(posting.kg),
                        )
                        for posting in event.postings.select_related("lot")
                    ],
                ),
            ),
            side=(
                Fields(
                    gettext("Когда и кто"),
                    [
                        (gettext("Было"), cell(event.occurred_at)),
                        (gettext("Записано"), cell(event.recorded_at)),
                        (gettext("Кто"), cell(event.by)),
                        (gettext("Причина"), cell(own_said(event.reason))),
                        (
                            gettext("Отменяет"),
                            cell(
                                first and self.show_kind(first), href=link(first) if first else ""
                            ),
                        ),
                        (
                            gettext("Отменена"),
                            cell(
                                undone and self.show_kind(undone),
                                href=link(undone) if undone else "",
                            ),
                        ),
                    ],
                ),
            ),
        )
