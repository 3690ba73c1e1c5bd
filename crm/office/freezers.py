"""Freezers of the office: one more, one less, one again (domain 11.2)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Freezer
from crm.office.adding import Adding
from crm.office.correction import Asks, Given, reason
from crm.people.roles import OfficeRole
from crm.production.operations.freezers import add_freezer


def _asks() -> Asks:
    return {
        "kind": forms.ChoiceField(label=_("Вид"), choices=Freezer.Kind.choices),
        "number": forms.IntegerField(label=_("Номер"), min_value=1),
        "line": forms.TypedChoiceField(
            label=_("Линия"),
            choices=[("", "—"), ("1", "1"), ("2", "2")],
            coerce=int,
            empty_value=None,
            required=False,
            help_text=_("Только у плиточника"),
        ),
        "capacity": forms.IntegerField(
            label=_("Мест"), min_value=1, initial=1, help_text=_("У плиточника всегда одно")
        ),
        "min_minutes": forms.IntegerField(label=_("Минут не меньше"), min_value=1),
        "reason": reason(),
    }


def _add(given: Given) -> Freezer:
    """Raises Refused."""
    values = {**given.values, "kind": Freezer.Kind(given.values["kind"])}
    return add_freezer(given.by, reason=given.reason, **values)


ADD = Adding(
    title=_("Новая камера"),
    explains=_("Её можно загружать сразу. Удалить камеру нельзя, только вывести из работы."),
    may=lambda: {OfficeRole.PRODUCTION_OFFICE.value},
    asks=_asks,
    do=_add,
)
