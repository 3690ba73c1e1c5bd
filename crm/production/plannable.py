"""Which raw meat may be planned into blanks and orders now (domain 4.11, 4.17, 5.1)."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from crm.catalogue.models import RawMaterial
from crm.ledger.models import Account
from crm.prepared import NUMBER, TEXT, Prepared
from crm.production.models import RawBatch
from crm.quality.usable import Use, blocked_lots

STATES = (RawBatch.State.RECEIVED, RawBatch.State.RELEASED)


def _free(condition: str) -> QuerySet[RawBatch]:
    rows = RawBatch.objects.filter(
        Q(lot__balances__physical__gt=0),  # goes without saying, but names the index
        condition=condition,
        state__in=STATES,
        lot__balances__account=Account.RAW_STORE,
        lot__balances__physical__gt=F("lot__balances__reserved"),
    )
    return rows.select_related("raw_material", "supplier", "lot").order_by("received_at")


FREE = Prepared(_free, TEXT)
OF_MATERIAL = Prepared(
    lambda condition, material: _free(condition).filter(raw_material_id=material), TEXT, NUMBER
)


def plannable_batches(condition: str, material: RawMaterial | None = None) -> list[RawBatch]:
    """Return the batches of a condition, of one material or of all, of which something is free and
    that no hold keeps from planning; oldest first."""
    found: list[RawBatch] = (
        FREE.rows(condition) if material is None else OF_MATERIAL.rows(condition, material.pk)
    )
    held = blocked_lots([batch.lot_id for batch in found], Use.PLANNING)
    return [batch for batch in found if batch.lot_id not in held]
