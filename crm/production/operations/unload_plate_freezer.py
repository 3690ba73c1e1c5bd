"""Unload a plate freezer onto numbered pallets (domain 4.29)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import FreezerLoad
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.operations.unload_shocker import keep_core_temp, keep_measured
from engine.errors import Refusal, Refused
from engine.model.effects import Measured


@transaction.atomic
def unload_plate_freezer(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    load: FreezerLoad,
    core_temp: Decimal | None,
    pallet_numbers: Sequence[int],
    measurements: Sequence[Measured] | None = None,
) -> None:
    """Keep how cold a load is and make a pallet of each number. The load, its mix and the pallets
    are moved by their transitions.

    Raises Refused for a taken or repeated number, for a load that is out already, and for one that
    is too warm when nobody approved it."""
    if load.mix is None:
        raise Refused(Refusal("В плиточнике стоит не замес"))
    if len(set(pallet_numbers)) < len(pallet_numbers):
        raise Refused(Refusal("Номера паллетов повторяются", again="pallet_number"))
    if not 1 <= len(pallet_numbers) <= 5:
        raise Refused(Refusal("Паллетов может быть от 1 до 5", again="pallets"))
    keep_core_temp(load, core_temp, session, at)
    keep_measured(by, load.mix.lot_id, measurements, session, at)
    for number in pallet_numbers:
        pallet_of_mix(by, load.mix, number, at)


OPERATION = Operation(
    {
        "load": "freezer_load",
        "core_temp": "number °C?",
        "pallet_numbers": "list of integer",
        "measurements": "measurements",
    },
    unload_plate_freezer,
)
