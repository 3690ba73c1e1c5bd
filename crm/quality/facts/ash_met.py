"""Whether ash is within the norm of a mix (domain 4.24, Q6)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.production.models import Mix
from crm.quality.mix_norms import norms_of_mix, verdict_of
from crm.quality.models import Verdict
from crm.quality.norms import ASH


def ash_met(mix: Mix, ash: Decimal) -> bool:
    """Tell whether ash in per cent meets the norm; without a norm it does not."""
    return verdict_of({ASH: ash}, norms_of_mix(mix, (ASH,))) == Verdict.PASS


FACT = Fact(params=("mix", "number %"), result="bool", answer=ash_met)
