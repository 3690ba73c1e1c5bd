"""Unload a pallet from a shocker (domain 4.30)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import FreezerLoad
from crm.quality.models import Deviation
from engine.errors import Refusal, Refused

STANDS = (FreezerLoad.State.FREEZING, FreezerLoad.State.DUE, FreezerLoad.State.OVERDUE)


@transaction.atomic
def unload_shocker(
    by: Person, *, session: UUID, at: datetime, load: FreezerLoad, core_temp: Decimal | None
) -> None:
    """Keep how cold a pallet is that leaves a shocker; the load and the pallet are moved by their
    transitions. Raises Refused for a load that is out already."""
    if load.pallet is None:
        raise Refused(Refusal("В шокере стоит не паллет"))
    keep_core_temp(by, load, load.pallet.lot_id, core_temp, session, at)


def keep_core_temp(
    by: Person,
    load: FreezerLoad,
    lot_id: int,
    core_temp: Decimal | None,
    session: UUID,
    at: datetime,
) -> None:
    """Write the core temperature of a load and tie the deviations of its form to its lot."""
    del by, at
    if load.state not in STANDS:
        raise Refused(Refusal("Уже выгружено: {place}", {"place": str(load.freezer)}))
    load.core_temp_out = core_temp
    load.save(update_fields=["core_temp_out"])
    Deviation.objects.filter(session=session, lot__isnull=True).update(lot=lot_id)


OPERATION = Operation({"load": "freezer_load", "core_temp": "number °C?"}, unload_shocker)
