"""«Указать происхождение» (domain 11.4): what was accepted by hand is tied to its order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.ledger.models import Lot
from crm.office.correction import Asks, Correction, Given
from crm.people.roles import Duty, on_duty
from crm.production.lines import LINES
from crm.production.models import MincedOrder
from crm.production.operations.link_origin import link_origin
from crm.quality.models import Hold, HoldKind
from engine.errors import Refusal, Refused

BOTH = "both"  # lines, of a by-product


def _asks(record: Any) -> Asks:
    del record
    help_text = _("Целиком, как в списке «Фарш»")
    lines = [
        ("", _("та же, что у партии")),
        *((str(one), str(one)) for one in LINES["both"]),
        (BOTH, _("обе")),
    ]
    return {
        "order": forms.CharField(label=_("Номер партии фарша"), max_length=30, help_text=help_text),
        "line": forms.ChoiceField(
            label=_("Линия"),
            choices=lines,
            required=False,
            help_text=_("Если партия шла по обеим линиям; обе — только у побочного продукта"),
        ),
    }


def _link(record: Any, given: Given) -> None:
    """Raises Refused."""
    number, line = str(given.values["order"]).strip(), str(given.values["line"])
    order = MincedOrder.objects.filter(number=number).first()
    if order is None:
        raise Refused(Refusal("Партии фарша {number} нет", {"number": number}))
    link_origin(
        given.by,
        lot=Lot.objects.get(pk=record.lot_id),
        order=order,
        line=int(line) if line.isdigit() else None,
        both=line == BOTH,
        reason=given.reason,
        session=given.session,
        at=given.at,
    )
    DjangoOperations(program()).settle([row_of(record)], given.context)


def _held(record: Any) -> bool:
    holds = Hold.objects.filter(lot=record.lot_id, released_at__isnull=True)
    return holds.filter(kind=HoldKind.NO_ORIGIN).exists()


LINK = Correction(
    "link_origin",
    title=lambda: gettext("Указать происхождение"),
    explains=_(
        "Происхождением станет сырьё, которое взяли замесы партии фарша на линии. Блокировка «Без "
        "происхождения» снимется. Отменить нельзя."
    ),
    may=lambda: on_duty(Duty.RELEASE_NO_ORIGIN),
    stands=_held,
    do=_link,
    asks=_asks,
)
