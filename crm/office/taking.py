"""«Взять пробу» and «Списать часть» (domain 7.2): kilograms of a lot leave its store for the
laboratory or as waste, and the rest stays as it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.ledger.models import Lot
from crm.ledger.operations.sample import sample
from crm.ledger.operations.scrap import scrap
from crm.office.correction import Asks, Correction, Given, Kilograms, locked
from crm.people.roles import Duty, on_duty


def sampled(states: Collection[str]) -> Correction:
    """Return the correction that takes a sample of what is kept on a store in these states; a held
    lot is sampled too."""
    return Correction(
        "sample",
        title=lambda: gettext("Взять пробу"),
        explains=_("Масса пробы уйдёт со склада на счёт «пробы». Зарезервированное не берётся."),
        may=lambda: on_duty(Duty.HOLD),
        stands=lambda record: record.state in states,
        do=_sample,
        asks=_asks,
        why=False,
    )


def part_scrapped(states: Collection[str]) -> Correction:
    """Return the correction that throws away a part of what is kept on a store in these states."""
    return Correction(
        "scrap_part",
        title=lambda: gettext("Списать часть"),
        explains=_("Масса уйдёт со склада в брак. Зарезервированное не списывается."),
        may=lambda: on_duty(Duty.OFFICE),
        stands=lambda record: record.state in states,
        do=_scrap,
        asks=_asks,
        tone="bad",
    )


def _asks(record: Any) -> Asks:
    del record
    return {"kg": Kilograms(label=_("Сколько, кг"))}


def _sample(record: Any, given: Given) -> None:
    row = locked(record)
    lot = Lot.objects.get(pk=row.lot_id)
    sample(given.by, lot=lot, kg=given.values["kg"], session=given.session, at=given.at)
    DjangoOperations(program()).settle([row_of(row)], given.context)


def _scrap(record: Any, given: Given) -> None:
    row = locked(record)
    scrap(
        given.by,
        lot=Lot.objects.get(pk=row.lot_id),
        kg=given.values["kg"],
        reason=given.reason,
        session=given.session,
        at=given.at,
    )
    DjangoOperations(program()).settle([row_of(row)], given.context)
