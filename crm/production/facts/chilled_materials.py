"""The materials of which chilled raw meat may be planned (domain 4.17)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.catalogue.models import RawMaterial
from crm.fact import Fact
from crm.production.models import RawBatch
from crm.production.plannable import plannable_batches


def chilled_materials() -> Iterator[RawMaterial]:
    """Give the materials by name."""
    batches = plannable_batches(RawBatch.Condition.CHILLED)
    materials = {batch.raw_material_id for batch in batches if batch.raw_material_id}
    yield from RawMaterial.objects.filter(pk__in=materials).order_by("name_key")


FACT = Fact(params=(), result="list of raw_material", answer=chilled_materials)
