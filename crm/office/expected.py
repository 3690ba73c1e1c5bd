"""Expected deliveries in the office (domain 4.6, 5.1): told of, put off, called off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.catalogue.models import Company, Entry, Nomenclature, RawMaterial, Supplier
from crm.office.adding import Adding
from crm.office.correction import (
    Asks,
    Correction,
    Given,
    Kilograms,
    by_transition,
    locked,
    who_may,
)
from crm.production.models import RawBatch
from crm.production.operations.change_expected import change_expected
from crm.production.operations.expect_delivery import expect_delivery

LIFE, EXPECTED = "raw_batch", RawBatch.State.EXPECTED


def _entry(model: type[Entry], label: Any) -> forms.ModelChoiceField[Entry]:
    rows = model._default_manager.filter(active=True).order_by("name_key")
    return forms.ModelChoiceField(rows, label=label, empty_label=gettext("Выберите"))


def _asks() -> Asks:
    kinds = [("", gettext("Выберите")), *RawBatch.Condition.choices]
    day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return {
        "company": _entry(Company, _("Компания")),
        "material": _entry(RawMaterial, _("Вид сырья")),
        "nomenclature": _entry(Nomenclature, _("Вид по номенклатуре")),
        "condition": forms.ChoiceField(label=_("Кондиция"), choices=kinds),
        "supplier": _entry(Supplier, _("Поставщик")),
        "expected_weight": Kilograms(label=_("Ожидаемая масса, кг")),
        "expected_date": forms.DateField(label=_("Дата поставки"), widget=day),
        "ttn_number": forms.CharField(
            label=_("Номер ТТН, если известен"), max_length=50, required=False
        ),
    }


def _expect(given: Given) -> RawBatch:
    """Tell of a delivery once a form. Raises Refused."""
    batch = expect_delivery(given.by, session=given.session, at=given.at, **given.values)
    if batch.state == RawBatch.State.NEW:
        operations = DjangoOperations(program())
        operations.fire(row_of(batch), "register_expected", given.context)
        batch.refresh_from_db()
    return batch


def _known(batch: RawBatch) -> Asks:
    """Ask as for a new one, filled in with what is known."""
    asked = dict(_asks())
    for name, field in asked.items():
        field.initial = getattr(batch, "raw_material" if name == "material" else name)
    return asked


def _change(batch: RawBatch, given: Given) -> None:
    """Raises Refused."""
    row: RawBatch = locked(batch)
    change_expected(given.by, batch=row, at=given.at, reason=given.reason, **given.values)


EXPECT = Adding(
    title=_("Ожидаемая поставка"),
    explains=_(
        "Партия без номера и без остатка: её видно в остатках как «В поставке», занять её нельзя. "
        "Когда машина придёт, приёмщик примет её в боте."
    ),
    may=lambda: who_may(LIFE, "register_expected"),
    asks=_asks,
    do=_expect,
)
CHANGE = Correction(
    "change_expected",
    title=lambda: gettext("Изменить поставку"),
    explains=_("Приёмщик увидит новые сведения, когда начнёт её принимать."),
    may=lambda: who_may(LIFE, "register_expected"),
    stands=lambda batch: batch.state == EXPECTED,
    do=_change,
    asks=_known,
)
PUT_OFF = by_transition(LIFE, "postpone", _("Поставку будут ждать завтра."))
CALL_OFF = by_transition(
    LIFE,
    "cancel",
    _("Поставку больше не ждут, задача о ней снимется."),
    start=EXPECTED,
    page="call_off",
    tone="bad",
)
