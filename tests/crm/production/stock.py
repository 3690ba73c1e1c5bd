"""Raw batches in stock, made by the plant's own operations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from crm.catalogue.models import (
    Company,
    Nomenclature,
    RawMaterial,
    ResponsiblePerson,
    Separator,
    SeparatorMode,
    Supplier,
)
from crm.ledger.operations.move_state import move_state
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.receive_into_stock import receive_into_stock
from crm.production.operations.take_delivery import take_delivery
from crm.quality.models import RawAnalysis

GOOD = dict.fromkeys(("appearance", "smell", "colour", "broth_aroma"), "good")
CLEAN = dict.fromkeys(
    ("beta_lactams", "chloramphenicols", "tetracyclines", "streptomycins"), "negative"
)


def batch_in_stock(
    material: str,
    kg: Decimal,
    analysis: tuple[str, str, str] | None = ("17.00", "13.00", "67.00"),
    condition: str = "frozen",
) -> RawBatch:
    """Receive a batch of a material by its code and release it; `analysis` is fat, protein and
    moisture in per cent, None for none."""
    who = Person.objects.holding("receiver").first()
    assert who is not None
    at, session = timezone.localtime(), uuid4()
    batch = take_delivery(
        who,
        session=session,
        at=at,
        company=Company.objects.first(),
        material=RawMaterial.objects.get(code=material),
        nomenclature=Nomenclature.objects.first(),
        supplier=Supplier.objects.first(),
        condition=condition,
        accounting_type="Каркас",
        weight=kg,
    )
    receive_into_stock(who, batch=batch, at=at)
    move_state(batch, "accept", sources=["new"], to="received", by=who, at=at)
    if analysis is not None:
        fat, protein, moisture = map(Decimal, analysis)
        RawAnalysis.objects.create(
            raw_batch=batch,
            attempt=1,
            session=uuid4(),
            verdict="pass",
            by=who,
            at=at,
            responsible=ResponsiblePerson.objects.earliest("id"),
            ttn_date=date(2026, 11, 20),
            separator=Separator.objects.earliest("id"),
            separator_mode=SeparatorMode.objects.earliest("id"),
            fat=fat,
            protein=protein,
            moisture=moisture,
            broth_quality="clear",
            **GOOD,
            **CLEAN,
        )
    move_state(batch, "analysis_pass", sources=["received"], to="released", by=who, at=at)
    return RawBatch.objects.get(pk=batch.pk)
