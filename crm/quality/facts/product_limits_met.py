"""Whether the composition of raw meat is within the limits of its material (domain 4.8)."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from crm.by_key import related
from crm.fact import Fact
from crm.production.models import RawBatch
from crm.quality.limits import product_limits
from crm.quality.norms import missed


def product_limits_met(batch: RawBatch, fat: Decimal, protein: Decimal, moisture: Decimal) -> bool:
    """Tell whether fat, protein and moisture in per cent meet the limits in force now; a material
    without limits meets them."""
    norms = product_limits(related(batch, "raw_material"), timezone.now())
    return not missed(norms, {"fat": fat, "protein": protein, "moisture": moisture})


FACT = Fact(("raw_batch", "number %", "number %", "number %"), "bool", product_limits_met)
