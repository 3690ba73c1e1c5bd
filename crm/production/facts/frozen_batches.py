"""The frozen batches of a kind of raw meat that may be planned (domain 4.11)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.catalogue.models import RawMaterial
from crm.fact import Fact
from crm.production.models import RawBatch
from crm.production.plannable import plannable_batches


def frozen_batches(material: RawMaterial) -> Iterator[RawBatch]:
    """Give the batches, oldest first."""
    yield from plannable_batches("frozen", material)


FACT = Fact(params=("raw_material",), result="list of raw_batch", answer=frozen_batches)
