"""The chilled batches of a material that may be planned (domain 4.17)."""

from __future__ import annotations

from crm.catalogue.models import RawMaterial
from crm.fact import Fact
from crm.production.models import RawBatch
from crm.production.plannable import plannable_batches


def chilled_batches(material: RawMaterial) -> list[RawBatch]:
    """Return the batches, oldest first."""
    return plannable_batches(RawBatch.Condition.CHILLED, material)


FACT = Fact(params=("raw_material",), result="list of raw_batch", answer=chilled_batches)
