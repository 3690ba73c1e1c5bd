"""Unload a pallet from a shocker (domain 4.30)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import FreezerLoad
from crm.quality.approved import unapproved
from crm.quality.models import Deviation
from crm.quality.operations.measure import measure
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.effects import Measured
from engine.model.values import show_number

LIMIT, KIND = "core_temperature", "core_temp"  # of flows/limits.yaml; of the deviation
STANDS = (FreezerLoad.State.FREEZING, FreezerLoad.State.DUE, FreezerLoad.State.OVERDUE)


@transaction.atomic
def unload_shocker(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    load: FreezerLoad,
    core_temp: Decimal | None,
    measurements: Sequence[Measured] | None = None,
) -> None:
    """Keep how cold a pallet is that leaves a shocker; the load and the pallet are moved by their
    transitions. Raises Refused for a load that is out already, and for a pallet that is too warm
    when nobody approved it."""
    if load.pallet is None:
        raise Refused(Refusal("В шокере стоит не паллет"))
    keep_core_temp(load, core_temp, session, at)
    keep_measured(by, load.pallet.lot_id, measurements, session, at)


def keep_core_temp(
    load: FreezerLoad, core_temp: Decimal | None, session: UUID, at: datetime
) -> None:
    """Write the core temperature of a load. Raises Refused for a load that is out already, and for
    one that is too warm when nobody approved it (domain 14.7)."""
    if load.state not in STANDS:
        raise Refused(Refusal("Уже выгружено: {place}", {"place": load.freezer.said}))
    values = () if core_temp is None else (core_temp,)
    warm = unapproved(values, limit=LIMIT, kind=KIND, session=session, at=at)
    if warm is not None:
        text = Message("В толще {value} °C: выгрузить можно только с разрешения")
        shown = {"value": show_number(warm, 1)}
        raise Refused(Refusal(text, shown, again="core_temp"))
    load.core_temp_out = core_temp
    load.save(update_fields=["core_temp_out"])


def keep_measured(
    by: Person,
    lot_id: int,
    measurements: Sequence[Measured] | None,
    session: UUID,
    at: datetime,
) -> None:
    """Write what was measured with the limits as they were, and tie the deviations of the form to
    the lot."""
    measure(by, lot_id=lot_id, measured=measurements or (), at=at)
    Deviation.objects.filter(session=session, lot__isnull=True).update(lot=lot_id)


OPERATION = Operation(
    {"load": "freezer_load", "core_temp": "number °C?", "measurements": "measurements"},
    unload_shocker,
)
