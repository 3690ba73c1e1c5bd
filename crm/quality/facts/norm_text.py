"""The norm of a mix, beside its values (domain 4.22)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Mix
from crm.quality.mix_norms import norms_of_mix
from crm.quality.norms import norms_text


def norm_text(mix: Mix) -> str:
    """Say the norm: «Ж 15,50–20,50, Б 12,00–14,50, В 63,50–68,50», or that there is none."""
    return norms_text(norms_of_mix(mix))


FACT = Fact(params=("mix",), result="text", answer=norm_text)
