"""Which raw meat may be planned into blanks and orders now (domain 4.11, 4.17, 5.1)."""

from __future__ import annotations

from django.db.models import F

from crm.catalogue.models import RawMaterial
from crm.ledger.models import Account
from crm.production.models import RawBatch
from crm.quality.usable import Use, blocked_lots

STATES = (RawBatch.State.RECEIVED, RawBatch.State.RELEASED)


def plannable_batches(condition: str, material: RawMaterial | None = None) -> list[RawBatch]:
    """Return the batches of a condition, of one material or of all, of which something is free and
    that no hold keeps from planning; oldest first."""
    free = RawBatch.objects.filter(
        condition=condition,
        state__in=STATES,
        lot__balances__account=Account.RAW_STORE,
        lot__balances__physical__gt=F("lot__balances__reserved"),
    )
    if material is not None:
        free = free.filter(raw_material=material)
    found = list(free.select_related("raw_material", "supplier", "lot").order_by("received_at"))
    held = blocked_lots([batch.lot_id for batch in found], Use.PLANNING)
    return [batch for batch in found if batch.lot_id not in held]
