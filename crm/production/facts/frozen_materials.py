"""The kinds of raw meat of which something frozen may be planned (domain 4.11)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.catalogue.models import RawMaterial
from crm.fact import Fact
from crm.production.plannable import plannable_batches


def frozen_materials() -> Iterator[RawMaterial]:
    """Give the materials with a frozen batch that may be planned, by name."""
    batches = plannable_batches("frozen")
    materials = {batch.raw_material_id for batch in batches if batch.raw_material_id}
    yield from RawMaterial.objects.filter(pk__in=materials).order_by("name_key")


FACT = Fact(params=(), result="list of raw_material", answer=frozen_materials)
