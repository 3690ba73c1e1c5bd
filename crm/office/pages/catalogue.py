"""«Справочники»: companies, suppliers, customers, materials, nomenclature; «Объединить» of an entry
that was written twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from crm.catalogue.models import (
    Company,
    Customer,
    Entry,
    Nomenclature,
    RawMaterial,
    Supplier,
)
from crm.catalogue.operations.add import add
from crm.catalogue.operations.change import change as change_entry
from crm.catalogue.operations.merge import merge, naming
from crm.fields import PercentField, fold
from crm.ledger.operations.take_out import checked_reason
from crm.office import acts, columns, parts
from crm.office.base import CommandAdmin, acting
from crm.office.card import Command, Later, Table, cell, kg
from crm.office.correction import REASON, why_changed
from crm.office.links import command_link
from crm.office.remembered import Remembering
from crm.office.rights import account_roles
from crm.office.tones import badge
from crm.people.roles import Duty, on_duty
from crm.production.models import RawBatch, Shipment
from crm.quality.limits import product_limits
from engine.errors import Refusal, Refused

if TYPE_CHECKING:
    _Form = forms.ModelForm[Any]
else:
    _Form = forms.ModelForm

LATELY = 20  # deliveries and shipments that are told; the lists have all
FILTERS = (("custom", BooleanRadioFilter), ("active", BooleanRadioFilter))


class EntryForm(_Form):
    """An entry: two names that differ only in case or spaces are one."""

    reason = why_changed()

    def clean_name(self) -> str:
        """Refuse a name that is there already."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        same = type(self.instance)._default_manager.filter(name_key=fold(name))
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(gettext("Такое название уже есть"))
        return name


class EntryPage(Remembering):
    """Entries: added and changed through operations; never deleted, only switched off."""

    form = EntryForm
    list_display: tuple[str, ...] = ("name", "code", "custom", "active")
    list_filter = FILTERS
    folded = ("name_key",)
    search_fields = ("code",)
    ordering = ("name_key",)
    extra: tuple[str, ...] = ()
    formfield_overrides = {PercentField: {"widget": UnfoldAdminTextInputWidget}}

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """Ask for the name; show the code, which is made from it once."""
        shown = ["code", "custom"] if obj else []
        why = ["reason"] if obj else []
        return ["name", *self.extra, "active", *shown, *why]

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[str]:
        """Codes stand in flows and exports: they stay."""
        return ["code", "custom"]

    def save_model(self, request: HttpRequest, obj: Entry, form: Any, change: bool) -> None:
        """Save through the operations."""
        by = acting(request)
        asked = (name for name in (*self.extra, "active") if name in form.cleaned_data)
        values = {name: form.cleaned_data[name] for name in asked}
        if change:
            change_entry(
                by,
                entry=obj,
                values={"name": form.cleaned_data["name"], **values},
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
            return
        made = add(by, model=type(obj), name=obj.name, custom=False, values=values)
        obj.pk = made.pk


class MergedPage(CommandAdmin, EntryPage):
    """Entries that workers type by hand, and so write twice."""

    def offered(self, request: HttpRequest, record: Any) -> list[Command]:
        """Offer to merge an entry with another one, saying how many rows name it."""
        entry: Entry = record
        if entry.merged_into or not request.user.has_perm(self.commands["merge"]):
            return []
        count = sum(found.count() for _field, found in naming(entry))
        rows: models.QuerySet[Any] = type(entry)._default_manager.all()
        others = rows.filter(active=True, merged_into=None)
        return [
            Command(
                gettext("Объединить"),
                command_link(entry, "merge"),
                gettext(
                    "Всё, что названо «{name}» (записей: {count}), будет названо выбранным. Эта "
                    "запись выключится, её название станет означать выбранную. Отменить нельзя."
                ).format(name=entry.name, count=count),
                gettext("Объединить"),
                reason=REASON,
                tone="bad",
                choose=(
                    gettext("С чем"),
                    [(str(one.pk), one.name) for one in others.exclude(pk=entry.pk)],
                ),
            )
        ]

    def merge(self, request: HttpRequest, entry: Entry) -> str:
        """«Объединить»."""
        why = checked_reason(request.POST.get("reason", ""))
        chosen = request.POST.get("choice", "")
        rows = type(entry)._default_manager
        winner = rows.filter(pk=chosen).first() if chosen.isdecimal() else None
        if winner is None:
            raise Refused(Refusal("Выберите другую запись того же справочника"))
        refuse_other_limits(entry, winner)
        count = merge(acting(request), loser=entry, winner=winner, at=timezone.now(), reason=why)
        words = {"loser": entry.name, "winner": winner.name, "count": str(count), "why": why}
        done = acts.MERGED.with_values(words)
        self.log_change(request, winner, str(done))
        return done


def refuse_other_limits(loser: Entry, winner: Entry) -> None:
    """Refuse kinds of raw meat that are analysed by different limits."""
    if isinstance(loser, RawMaterial) and isinstance(winner, RawMaterial):
        now = timezone.now()
        if product_limits(loser, now) != product_limits(winner, now):
            raise Refused(Refusal("Пределы анализа у этих видов сырья разные"))


@admin.register(Company)
class CompanyPage(EntryPage):
    """Our firms."""

    comes = _("Добавьте компанию кнопкой «+»: без неё сырьё не принять.")
    list_display = ("name", "tax_no", "code", "active")
    extra = ("tax_no",)


@admin.register(Supplier)
class SupplierPage(MergedPage):
    """Who sends raw meat."""

    comes = _("Добавьте поставщика кнопкой «+», или его впишет приёмщик в чате бота.")
    commands = {"merge": "catalogue.change_supplier"}

    list_display = ("name", "tax_no", "code", "custom", "active", "show_last")
    extra = ("tax_no", "contacts")
    more_columns = ("contacts",)
    show_last = columns.plain("last", _("Последняя поставка"), "last")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Supplier]:
        """Read suppliers with when they delivered last."""
        came = RawBatch.objects.filter(supplier=OuterRef("pk"), received_at__isnull=False)
        last = came.order_by("-received_at").values("received_at")[:1]
        return Supplier.objects.annotate(last=Subquery(last))

    def known(self, record: Any) -> list[Later]:
        """«Поставки» of a supplier, the newest first."""

        def make(batches: Iterable[RawBatch]) -> Table:
            return Table(
                gettext("Поставки"),
                (_("Партия"), _("Принята"), _("Вид сырья"), _("Принято, кг"), _("Состояние")),
                [
                    (
                        parts.record_cell(one),
                        cell(one.received_at),
                        cell(one.raw_material),
                        kg(one.weight_received),
                        badge(one),
                    )
                    for one in batches
                ],
                empty=gettext("Поставок не было"),
            )

        came = RawBatch.objects.filter(supplier=record.pk).select_related("raw_material")
        return [Later((came.order_by("-id")[:LATELY],), make)]


@admin.register(Customer)
class CustomerPage(MergedPage):
    """Who buys finished goods."""

    comes = _("Добавьте заказчика кнопкой «+», или его впишут при первой отгрузке.")
    commands = {"merge": "catalogue.change_customer"}

    list_display = ("name", "tax_no", "code", "custom", "active", "show_last")
    extra = ("tax_no", "contacts")
    more_columns = ("contacts",)
    show_last = columns.plain("last", _("Последняя отгрузка"), "last")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Customer]:
        """Read customers with when something left for them last."""
        left = Shipment.objects.filter(customer=OuterRef("pk"), shipped_at__isnull=False)
        last = left.order_by("-shipped_at").values("shipped_at")[:1]
        return Customer.objects.annotate(last=Subquery(last))

    def known(self, record: Any) -> list[Later]:
        """«Отгрузки» to a customer, the newest first."""

        def make(shipments: Iterable[Shipment]) -> Table:
            return Table(
                gettext("Отгрузки"),
                (_("Отгрузка"), _("Отгружена"), _("Состояние")),
                [(parts.record_cell(one), cell(one.shipped_at), badge(one)) for one in shipments],
                empty=gettext("Отгрузок не было"),
            )

        return [
            Later((Shipment.objects.filter(customer=record.pk).order_by("-id")[:LATELY],), make)
        ]


@admin.register(Nomenclature)
class NomenclaturePage(MergedPage):
    """Names of goods on transport documents."""

    comes = _("Добавьте вид по номенклатуре кнопкой «+», или его впишет приёмщик.")
    commands = {"merge": "catalogue.change_nomenclature"}


@admin.register(RawMaterial)
class RawMaterialPage(MergedPage):
    """Kinds of raw meat with their parameters."""

    comes = _("Добавьте вид сырья кнопкой «+»: без него сырьё не принять.")
    commands = {"merge": "catalogue.change_rawmaterial"}

    list_display = ("name", "code", "defrost_loss_pct", "exit_pct", "custom", "active")
    extra = ("defrost_loss_pct", "exit_pct")

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[str]:
        """Its parameters are set by whoever of the shop floor has a desk (domain 11.2), and read
        by all."""
        kept = super().get_readonly_fields(request, obj)
        sets = not account_roles(request.user).isdisjoint(on_duty(Duty.OFFICE))
        return kept if sets else [*kept, *self.extra]
