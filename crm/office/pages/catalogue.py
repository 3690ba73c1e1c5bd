"""«Справочники»: companies, suppliers, materials, nomenclature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from crm.catalogue.models import (
    Company,
    Entry,
    Nomenclature,
    RawMaterial,
    Supplier,
)
from crm.catalogue.operations.add import add
from crm.catalogue.operations.change import change as change_entry
from crm.fields import PercentField, fold
from crm.office.base import acting
from crm.office.lists import OfficeAdmin

if TYPE_CHECKING:
    _Form = forms.ModelForm[Any]
else:
    _Form = forms.ModelForm

FILTERS = (("custom", BooleanRadioFilter), ("active", BooleanRadioFilter))


class EntryForm(_Form):
    """An entry: two names that differ only in case or spaces are one."""

    def clean_name(self) -> str:
        """Refuse a name that is there already."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        same = type(self.instance)._default_manager.filter(name_key=fold(name))
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(gettext("Такое название уже есть"))
        return name


class EntryPage(OfficeAdmin):
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
        return ["name", *self.extra, "active", *shown]

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[str]:
        """Codes stand in flows and exports: they stay."""
        return ["code", "custom"]

    def save_model(self, request: HttpRequest, obj: Entry, form: Any, change: bool) -> None:
        """Save through the operations."""
        by = acting(request)
        values = {name: form.cleaned_data[name] for name in (*self.extra, "active")}
        if change:
            change_entry(by, entry=obj, values={"name": form.cleaned_data["name"], **values})
            return
        made = add(by, model=type(obj), name=obj.name, custom=False, values=values)
        obj.pk = made.pk


@admin.register(Company)
class CompanyPage(EntryPage):
    """Our firms."""

    list_display = ("name", "tax_no", "code", "active")
    extra = ("tax_no",)


@admin.register(Supplier)
class SupplierPage(EntryPage):
    """Who sends raw meat."""

    list_display = ("name", "tax_no", "code", "custom", "active")
    extra = ("tax_no",)


@admin.register(Nomenclature)
class NomenclaturePage(EntryPage):
    """Names of goods on transport documents."""


@admin.register(RawMaterial)
class RawMaterialPage(EntryPage):
    """Kinds of raw meat with their parameters."""

    list_display = ("name", "code", "defrost_loss_pct", "exit_pct", "custom", "active")
    extra = ("defrost_loss_pct", "exit_pct")
