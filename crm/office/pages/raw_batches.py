"""«Партии сырья»: the list, the card, corrections."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RadioFilter,
    RelatedDropdownFilter,
)

from crm.ledger.models import Account
from crm.office import batch_card, batch_files, columns, parts
from crm.office.adding import AddingAdmin
from crm.office.amounts import with_stock
from crm.office.card import Card, Figure, cell, kg
from crm.office.columns import column
from crm.office.correction import by_transition
from crm.office.expected import CALL_OFF, CHANGE, EXPECT, PUT_OFF
from crm.office.filters import IntakeRangeFilter, NumberRangeFilter
from crm.office.held import HeldFilter, show_holds, with_holds
from crm.office.holding import HOLD
from crm.office.links import command_link
from crm.office.recount import recount
from crm.office.reports import fed_by
from crm.office.rights import account_roles
from crm.office.taking import part_scrapped, sampled
from crm.office.tones import UNFOLD_LABELS, badge
from crm.production.models import RawBatch, RawBatchQuerySet

State = RawBatch.State
THERE = (State.RECEIVED, State.RELEASED, State.QUARANTINE, State.REJECTED)
STORED = (*THERE, State.DEPLETED)
SHORT = {"chilled": _("Охлажд."), "frozen": _("Заморож.")}


class StockFilter(RadioFilter):
    """«Есть остаток»."""

    title = _("Есть остаток")
    parameter_name = "in_stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the two answers."""
        return [("yes", gettext("Есть")), ("no", gettext("Нет"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[RawBatch]
    ) -> QuerySet[RawBatch] | None:
        """Keep batches with or without something left."""
        left = {"yes": Q(physical__gt=0), "no": Q(physical=0)}
        return queryset.filter(left.get(str(self.value()), Q()))


@admin.register(RawBatch)
class RawBatchPage(AddingAdmin):
    """Raw batches as facts."""

    list_display = (
        "show_number",
        "show_state",
        "show_holds",
        "raw_material",
        "show_nomenclature",
        "show_ttn",
        "supplier",
        "show_accounting_type",
        "show_condition",
        "kg_received",
        "kg_after_defrost",
        "kg_physical",
        "kg_reserved",
    )
    list_display_links = ("show_number",)
    comes = _("Партии появляются, когда приёмщик сохраняет «Новая партия» в чате бота.")
    list_filter = (
        ("received_at", IntakeRangeFilter),
        ("weight_received", NumberRangeFilter),
        ("state", ChoicesDropdownFilter),
        ("condition", ChoicesDropdownFilter),
        ("company", RelatedDropdownFilter),
        ("raw_material", RelatedDropdownFilter),
        StockFilter,
        HeldFilter,
    )
    search_fields = ("=number", "ttn_number")
    folded = ("supplier__name_key", "raw_material__name_key")
    search_help_text = _("Номер партии целиком, ТТН, поставщик, вид сырья")
    ordering = ("-created_at", "-id")
    totals = {
        "weight_received": _("Принято"),
        "after_defrost": _("После дефростации"),
        "physical": _("Остаток"),
        "reserved": _("В резерве"),
    }
    adding = EXPECT
    corrections = (
        CHANGE,
        PUT_OFF,
        CALL_OFF,
        recount(STORED),
        sampled(THERE),
        part_scrapped(THERE),
        by_transition(
            "raw_batch",
            "step_back",
            _("Последний анализ и его акт станут недействительны, в силе останется предыдущий."),
        ),
        by_transition(
            "raw_batch",
            "cancel",
            _(
                "Всё принятое спишется со склада сырья обратной проводкой, документы партии станут "
                "недействительны, её номер больше не выдаётся."
            ),
            start=State.RECEIVED,
            tone="bad",
        ),
        by_transition(
            "raw_batch", "send_back", _("Остаток забракованной партии уйдёт поставщику.")
        ),
        by_transition(
            "raw_batch",
            "dispose",
            _("Остаток забракованной партии будет утилизирован."),
            tone="bad",
        ),
        HOLD,
    )

    show_holds = show_holds
    kg_received = columns.kg("weight_received", _("Принято, кг"))
    kg_after_defrost = columns.kg("after_defrost", _("После дефр., кг"))
    kg_physical = columns.kg("physical", _("Остаток, кг"))
    kg_reserved = columns.kg("reserved", _("Резерв, кг"))

    def get_queryset(self, request: HttpRequest) -> RawBatchQuerySet:
        """Read batches with their stock and the names beside them, in one query."""
        rows = with_holds(RawBatch.objects.with_defrosted()).select_related(
            "company", "raw_material", "nomenclature", "supplier", "created_by", "lot"
        )
        return with_stock(rows, Account.RAW_STORE)

    def ways(self, request: HttpRequest) -> list[tuple[str, str]]:
        """«Баланс сырья» (domain 11.2)."""
        return fed_by(request, "raw_balance")

    def get_urls(self) -> list[URLPattern]:
        """Add the page that replaces photos and the certificate."""
        address = path(
            f"<path:object_id>/{batch_files.NAME}/",
            self.admin_site.admin_view(self._files),
            name=f"production_rawbatch_{batch_files.NAME}",
        )
        return [address, *super().get_urls()]

    def _files(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if account_roles(request.user).isdisjoint(batch_files.may()):
            raise PermissionDenied
        batch = self.get_object(request, object_id)
        if batch is None:
            return self._missing(request, object_id)
        return batch_files.page(request, self, batch)

    def more(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Add the way to that page to the corrections."""
        found = super().more(request, record)
        if not account_roles(request.user).isdisjoint(batch_files.may()):
            address = command_link(record, batch_files.NAME)
            found["corrections"].append((gettext("Заменить фото и акт"), address, ""))
        return found

    @column(description=_("Номер"), ordering="created_at", header=True)
    def show_number(self, batch: RawBatch) -> tuple[str, str]:
        """The number, with its year when that is not this one; when it came."""
        came = timezone.localtime(batch.received_at or batch.created_at)
        moment = came.strftime("%d.%m, %H:%M" if came.year == batch.year else "%d.%m.%Y")
        if not batch.number:
            return gettext("без номера"), moment
        this_year = batch.year == timezone.localtime().year
        return (batch.number if this_year else batch.full_number), moment

    @column(description=_("Состояние"), label=UNFOLD_LABELS, ordering="state")
    def show_state(self, batch: RawBatch) -> tuple[str, str]:
        """The state in its colour."""
        return batch.state, batch.get_state_display()

    @column(description=_("Номен\N{SOFT HYPHEN}клатура"), ordering="nomenclature__name_key")
    def show_nomenclature(self, batch: RawBatch) -> str:
        """The name of the goods."""
        return cell(batch.nomenclature).text

    @column(description=_("ТТН"), ordering="ttn_number")
    def show_ttn(self, batch: RawBatch) -> str:
        """The number of the transport document."""
        return cell(batch.ttn_number).text

    @column(description=_("Тип учёта"), ordering="accounting_type")
    def show_accounting_type(self, batch: RawBatch) -> str:
        """The group of the bookkeepers."""
        return cell(batch.accounting_type).text

    @column(description=_("Кондиция"), ordering="condition")
    def show_condition(self, batch: RawBatch) -> str:
        """How the meat came, in short."""
        return str(SHORT.get(batch.condition, "—"))

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card: how it came, what it is, where it lies and went (`batch_card.py`)."""
        batch: RawBatch = record
        number = batch.number or gettext("без номера")
        return Card(
            title=gettext("Партия {number}").format(number=number),
            badge=badge(batch),
            subtitle=", ".join(
                str(part)
                for part in (
                    batch.raw_material,
                    batch.get_condition_display().lower(),
                    batch.company,
                )
                if part
            ),
            figures=self._figures(record),
            main=(
                batch_card.delivery(batch),
                batch_card.vet_documents(batch),
                parts.photos(batch.lot),
                batch_card.analyses(batch),
                batch_card.drawn(batch),
                parts.deviations(batch.lot),
                parts.genealogy(batch.lot),
                parts.ledger(Q(lot=batch.lot_id)),
            ),
            side=(
                batch_card.stock(batch),
                parts.holds(batch.lot),
                parts.documents(batch.lot),
                parts.measurements(batch.lot),
                parts.tasks(RawBatch.RECORD, batch.pk),
                parts.neighbours(batch.lot),
                parts.history(batch),
            ),
        )

    def _figures(self, batch: Any) -> list[Figure]:
        available = batch.physical - batch.reserved
        return [
            Figure(gettext("Принято"), kg(batch.weight_received).text, gettext("кг")),
            Figure(gettext("После дефростации"), kg(batch.after_defrost).text, gettext("кг")),
            Figure(gettext("Остаток"), kg(batch.physical).text, gettext("кг")),
            Figure(gettext("В резерве"), kg(batch.reserved).text, gettext("кг")),
            Figure(
                gettext("Доступно"), kg(available).text, gettext("кг"), "good" if available else ""
            ),
        ]
