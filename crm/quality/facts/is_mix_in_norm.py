"""Whether the last analysis of a mix is within its norm (domain 5.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Mix
from crm.quality.models import Verdict


def is_mix_in_norm(mix: Mix) -> bool:
    """Tell whether the last attempt that counts passed; no attempt and no norm are no pass."""
    return mix.analysis is not None and mix.analysis.verdict == Verdict.PASS


FACT = Fact(params=("mix",), result="bool", answer=is_mix_in_norm)
