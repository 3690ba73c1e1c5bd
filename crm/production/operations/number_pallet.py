"""Put a mix of the pet-food line on a numbered pallet (domain 4.28)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix, Pallet
from crm.production.operations.make_pallet import pallet_of_mix
from engine.errors import Refusal, Refused


@transaction.atomic
def number_pallet(by: Person, *, at: datetime, mix: Mix, pallet_number: int) -> Pallet:
    """Make the pallet of a mix that is ready to leave the mixer. Raises Refused for a taken number
    and for a mix that has left already."""
    if mix.state != Mix.State.READY_TO_DISCHARGE:
        raise Refused(Refusal("Замес {number} уже выгружен", {"number": str(mix)}))
    return pallet_of_mix(by, mix, pallet_number, at)


OPERATION = Operation({"mix": "mix", "pallet_number": "integer"}, number_pallet, "pallet")
