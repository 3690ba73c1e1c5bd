"""Give a mix that was left without a pallet another one (domain 11.4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix, Pallet
from crm.production.operations.make_pallet import pallet_of_mix
from crm.titles import state_said
from engine.errors import Refusal, Refused


@transaction.atomic
def give_number_again(by: Person, *, at: datetime, mix: Mix, pallet_number: int) -> Pallet:
    """Make the pallet of a mix that has left the mixer. Raises Refused for a taken number and for a
    mix that is somewhere else."""
    if mix.state != Mix.State.ON_PALLETS:
        words = {"number": str(mix), "state": state_said(mix)}
        raise Refused(Refusal("Замесу {number} паллет не нужен: {state}", words))
    return pallet_of_mix(by, mix, pallet_number, at)


OPERATION = Operation({"mix": "mix", "pallet_number": "integer"}, give_number_again, "pallet")
