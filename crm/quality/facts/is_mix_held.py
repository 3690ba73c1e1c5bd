"""Whether a mix is held by a kind, before its lifecycle releases it (domain 9.2)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Mix
from crm.quality.facts.is_held_by import KINDS
from crm.quality.models import Hold


def is_mix_held(mix: Mix, kind: str) -> bool:
    """Tell whether an open hold of this kind is on it."""
    return Hold.objects.open_on(mix.lot_id, kind).exists()


FACT = Fact(params=("mix", KINDS), result="bool", answer=is_mix_held)
