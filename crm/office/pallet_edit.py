"""What is corrected of a pallet (domain 11.4): its weights, whose difference is posted; its
number; that it is scrapped, or made into вторфарш."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.audit.operations.overwrite import Why, overwrite
from crm.office.card import Tone
from crm.office.correction import Asks, Correction, Given, Kilograms, by_transition, locked
from crm.people.roles import OfficeRole
from crm.production.models import Pallet
from crm.production.operations.edit_pallet import EDITABLE, edit_pallet
from crm.production.operations.renumber_pallet import LEAST, MOST
from crm.production.operations.weigh_pallet import refuse_net

MEASURED = {
    "gross": _("Брутто, кг"),
    "pallet_weight": _("Вес паллета, кг"),
    "packaging_weight": _("Вес упаковки, кг"),
}


def _asks(pallet: Any) -> Asks:
    return {
        name: Kilograms(label=label, initial=getattr(pallet, name) or Decimal(0))
        for name, label in MEASURED.items()
    }


def _edit(pallet: Any, given: Given) -> None:
    values = given.values
    edit_pallet(
        given.by,
        pallet=locked(pallet),
        gross=values["gross"],
        pallet_weight=values["pallet_weight"],
        packaging_weight=values["packaging_weight"],
        reason=given.reason,
        at=given.at,
    )


WEIGHTS = Correction(
    "weights",
    title=lambda: gettext("Изменить вес"),
    explains=_("Приёмка отменится обратной проводкой и запишется с новым весом."),
    may=lambda: {OfficeRole.PRODUCTION_OFFICE.value},
    stands=lambda pallet: pallet.state in EDITABLE and pallet.gross is not None,
    do=_edit,
    asks=_asks,
)


def _number(pallet: Any) -> Asks:
    field = forms.IntegerField(
        label=_("Номер"), initial=pallet.number, min_value=LEAST, max_value=MOST
    )
    return {"to_number": field}


NUMBER = by_transition(
    "pallet",
    "renumber",
    _("Номер не повторяется среди паллетов того же дня и тех, что ещё в работе."),
    asks=_number,
    gives=lambda pallet, values: {"to_number": values["to_number"]},
)


def _known(pallet: Any) -> Asks:
    """Ask how much a pallet is that was neither accepted nor weighed."""
    if pallet.net or pallet.state != Pallet.State.UNLOADED:
        return {}
    return {"net": Kilograms(label=_("Нетто, кг"), initial=pallet.net_expected)}


def _gone(name: str, explains: str | Promise, tone: Tone = "") -> Correction:
    """Return the correction by which a pallet ends, once a second person has confirmed it. Until
    then it keeps how much it is thought to be."""
    fired = by_transition("pallet", name, explains, tone=tone)

    def do(pallet: Any, given: Given) -> None:
        net = given.values.get("net")
        if net is not None:
            refuse_net(net, net)
            why = Why(given.by, given.at, given.reason)
            overwrite(locked(pallet), {"net_expected": net}, why)
        fired.do(pallet, given)

    return replace(fired, asks=_known, do=do)


CONVERT = _gone("convert", _("Паллет станет вторфаршем. Подтверждает второй человек."))
SCRAP = _gone("scrap", _("Паллет будет утилизирован. Подтверждает второй человек."), tone="bad")
