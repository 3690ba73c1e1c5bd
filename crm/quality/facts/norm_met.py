"""Whether a composition is within the norm of a mix (domain 4.22, Q6)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.production.models import Mix
from crm.quality.mix_norms import norms_of_mix, verdict_of
from crm.quality.models import Verdict


def norm_met(mix: Mix, fat: Decimal, protein: Decimal, moisture: Decimal) -> bool:
    """Tell whether fat, protein and moisture in per cent meet the norm; without a norm they do
    not."""
    values = {"fat": fat, "protein": protein, "moisture": moisture}
    return verdict_of(values, norms_of_mix(mix)) == Verdict.PASS


FACT = Fact(params=("mix", "number %", "number %", "number %"), result="bool", answer=norm_met)
