"""Take a pallet into the store with the kilograms that the office believes (domain 11.4)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from crm.audit.operations.overwrite import Why, overwrite
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Pallet
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.weigh_pallet import produced_on, refuse_net
from crm.production.rework import best_before, limits_in_force


@transaction.atomic
def take_unweighed(by: Person, *, at: datetime, pallet: Pallet, net: Decimal) -> None:
    """Write the net kilograms of a pallet that nobody weighed, mark it so, and post it. Raises
    Refused for a net that is not positive."""
    believe(by, at=at, pallet=pallet, net=net)
    accept_pallet(by, at=at, pallet=pallet)


def believe(by: Person, *, at: datetime, pallet: Pallet, net: Decimal) -> None:
    """Write the net of a pallet that nobody weighed and mark it so. Raises Refused for one that is
    not positive."""
    refuse_net(net, net)
    pallet.unweighed = True
    pallet.save(update_fields=["unweighed"])
    values = {"net": net, "best_before": best_before(produced_on(pallet), limits_in_force())}
    overwrite(pallet, values, Why(by, at))


OPERATION = Operation({"pallet": "pallet", "net": "number kg"}, take_unweighed)
