"""Whether a pallet may get a number now (domain 8.4)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production.models import Pallet
from crm.production.numbers import taken


def pallet_number_free(number: int) -> bool:
    """Tell whether no pallet in work and none of this production day has the number. A pallet that
    is being saved does not stand in its own way."""
    others = [one for one in taken(timezone.now(), number) if one.state != Pallet.State.NEW]
    return not others


FACT = Fact(params=("integer",), result="bool", answer=pallet_number_free)
