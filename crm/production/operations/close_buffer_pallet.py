"""Close a buffer pallet: it takes no more boxes and waits to be frozen (domain 4.33)."""

from __future__ import annotations

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Pallet
from engine.errors import Refusal, Refused


@transaction.atomic
def close_buffer_pallet(by: Person | None, *, pallet: Pallet) -> None:
    """Close it; done twice it is closed. Raises Refused for a pallet that is no buffer pallet or
    has nothing on it."""
    del by
    if pallet.kind != Pallet.Kind.BUFFER or not pallet.box_count:
        raise Refused(Refusal("Паллет {number} не буферный", {"number": str(pallet)}))
    pallet.closed = True
    pallet.save(update_fields=["closed"])


OPERATION = Operation({"pallet": "pallet"}, close_buffer_pallet)
