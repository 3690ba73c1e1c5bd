"""How many blanks the defroster has to do with (domain 2.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Blank

AT_IT = (Blank.State.UNPACKED, Blank.State.DEFROSTING, Blank.State.DEFROSTED)


def blanks_at_defroster() -> int:
    """Count the blanks that wait for it, are in it, or are out and not finished."""
    return Blank.objects.filter(state__in=AT_IT).count()


FACT = Fact(params=(), result="integer", answer=blanks_at_defroster)
