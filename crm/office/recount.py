"""«Исправить остаток» (domain 7.2, 11.4): the books of a lot are brought to what is really there, a
large difference by two persons."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.ledger.models import Lot
from crm.ledger.operations.adjust import ALONE_KG, adjust, alone
from crm.ledger.stock import physical
from crm.office.correction import Asks, Correction, Given, Kilograms, Values, locked
from crm.people.roles import OfficeRole


def _asks(record: Any) -> Asks:
    field = Kilograms(label=_("Сколько есть на самом деле, кг"), initial=physical(record.lot_id))
    return {"counted": field}


def _large(record: Any, values: Values) -> bool:
    missing: Decimal = physical(record.lot_id) - values["counted"]
    lot = Lot.objects.get(pk=record.lot_id)
    return missing != 0 and alone(lot, missing, timezone.localtime()) > ALONE_KG


def _adjust(record: Any, given: Given) -> None:
    row = locked(record)
    adjust(
        given.by,
        lot=Lot.objects.get(pk=row.lot_id),
        counted=given.values["counted"],
        reason=given.reason,
        session=given.session,
        at=given.at,
        second=given.second,
    )
    DjangoOperations(program()).settle([row_of(row)], given.context)


def recount(states: Collection[str]) -> Correction:
    """Return the correction for records that are kept on a store in these states."""
    return Correction(
        "recount",
        title=lambda: gettext("Исправить остаток"),
        explains=_(
            "Разница уйдёт проводкой на счёт «корректировка». Меньше зарезервированного остаток "
            "не бывает. Разницу больше 50 кг, за сутки вместе, подтверждает второй человек."
        ),
        may=lambda: {OfficeRole.PRODUCTION_OFFICE.value},
        stands=lambda record: record.state in states,
        do=_adjust,
        asks=_asks,
        two=_large,
    )
