"""What is changed of a shipment after it was drafted (domain 5.8): a pallet out of it, the whole of
it cancelled, a shipped pallet taken back, its documents signed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.office.card import cell, kg
from crm.office.correction import Asks, Correction, Given
from crm.office.shipping import shipping
from crm.people.roles import OfficeRole
from crm.production.models import Pallet, Shipment
from crm.production.operations.shipments import live_pallets

State = Shipment.State
OPEN = (State.DRAFT, State.CONFIRMED)
WHO = {OfficeRole.SHIPPING_CLERK.value, OfficeRole.PRODUCTION_OFFICE.value}


class PalletField(forms.ModelChoiceField):
    """A pallet of a shipment, by its number and its day."""

    def label_from_instance(self, obj: Any) -> str:
        """Say what stands in the list."""
        shown = gettext("{number} от {day}, {kg} кг")
        day = cell(obj.production_day).text
        return shown.format(number=obj, day=day, kg=kg(obj.net).text)


def _pallet(shipment: Shipment) -> Asks:
    inside = [pallet.pk for pallet in live_pallets(shipment)]
    rows = Pallet.objects.filter(pk__in=inside).order_by("production_day", "number")
    field = PalletField(rows, label=_("Паллет"), empty_label=gettext("Выберите"))
    return {"pallet": field}


def _remove(shipment: Shipment, given: Given) -> None:
    pallet = given.values["pallet"]
    shipping().remove(given.by, shipment=shipment, pallet=pallet, at=given.at)


def _cancel(shipment: Shipment, given: Given) -> None:
    shipping().cancel(given.by, shipment=shipment, reason=given.reason, at=given.at)


def _take_back(shipment: Shipment, given: Given) -> None:
    pallet = given.values["pallet"]
    shipping().take_back(given.by, pallet=pallet, reason=given.reason, at=given.at)


def _close(shipment: Shipment, given: Given) -> None:
    shipping().close(given.by, shipment=shipment, at=given.at)


REMOVE = Correction(
    "remove",
    title=lambda: gettext("Убрать паллет"),
    explains=_("Паллет останется на складе и будет свободен."),
    may=lambda: WHO,
    stands=lambda shipment: shipment.state in OPEN and bool(shipment.pallets),
    do=_remove,
    asks=_pallet,
    why=False,
)
CANCEL = Correction(
    "cancel",
    title=lambda: gettext("Отменить отгрузку"),
    explains=_("Все паллеты останутся на складе и будут свободны."),
    may=lambda: WHO,
    stands=lambda shipment: shipment.state in OPEN,
    do=_cancel,
    tone="bad",
)
TAKE_BACK = Correction(
    "take_back",
    title=lambda: gettext("Принять возврат"),
    explains=_("Паллет вернётся на склад и будет заблокирован до решения."),
    may=lambda: WHO,
    stands=lambda shipment: (
        shipment.state in (State.SHIPPED, State.CLOSED) and bool(shipment.pallets)
    ),
    do=_take_back,
    asks=_pallet,
)
CLOSE = Correction(
    "close",
    title=lambda: gettext("Документы подписаны"),
    explains=_("Отгрузка закроется, не дожидаясь 30 дней. Возврат паллета можно принять и потом."),
    may=lambda: WHO,
    stands=lambda shipment: shipment.state == State.SHIPPED,
    do=_close,
    why=False,
)
