"""Make вторфарш of a pallet (domain 5.4, 5.7, 7.2)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from crm.ledger.models import Account, Lot
from crm.ledger.operations.bear import bear
from crm.ledger.operations.move_state import move_state
from crm.ledger.operations.number import next_number
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix, Pallet, SecondMinced
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.register_second_minced import NAMES
from crm.production.stocked import stocked

KIND = "convert_pallet"


@transaction.atomic
def convert_pallet(by: Person, *, at: datetime, pallet: Pallet, reason: str) -> None:
    """Move everything of a pallet into a new lot of вторфарш, one generation older than what it was
    made of. A hold of the pallet's mixes stays with them: the lot inherits it by its origin."""
    if pallet.state != Pallet.State.IN_STOCK:
        accept_pallet(by, at=at, pallet=pallet)
    there = stocked(pallet)
    net = sum((kg for _, _, kg in there), Decimal(0))
    day = timezone.localtime(at).date()
    kind = SecondMinced.Kind.REWORK
    number = next_number(f"second_minced_{kind.value}", day.isoformat())
    second = SecondMinced.objects.create(
        lot=Lot.objects.create(kind=Lot.Kind.SECOND_MINCED),
        kind=kind,
        number=f"{day:%d%m}/{number}/{NAMES[kind]}",
        year=day.year,
        produced_on=day,
        registered_at=at,
        net=net,
        rework_gen=_generation(pallet) + 1,
        created_at=at,
        created_by=by,
    )
    second.source_recipes.set(_recipes(pallet))
    bear(second.lot)
    lines, edges = [], []
    for lot, account, kg in there:
        lines += [Line(lot, account, -kg), Line(second.lot, Account.REWORK_STORE, kg)]
        edges.append(EdgeLine(lot, second.lot, kg, kind="rework"))
    post(
        KIND,
        lines,
        by=by,
        session=None,
        source="pallet",
        key=f"{KIND}:{pallet.pk}",
        occurred_at=at,
        reason=reason,
        edges=edges,
    )
    move_state(
        second, "register", sources=[SecondMinced.State.NEW],
        to=SecondMinced.State.REGISTERED, by=by, at=at, reason=reason,
    )  # fmt: skip


def _generation(pallet: Pallet) -> int:
    """Return the highest generation of rework on a pallet."""
    records = [item.lot.record for item in pallet.items.select_related("lot")]
    known = [one.rework_gen for one in records if isinstance(one, Mix | SecondMinced)]
    return max(known, default=0)


def _recipes(pallet: Pallet) -> set[int]:
    """Return the recipes of what is on a pallet; none when a lot of it does not know its own."""
    found = set[int]()
    for record in (item.lot.record for item in pallet.items.select_related("lot")):
        made = set[int]()
        if isinstance(record, Mix) and record.order is not None:
            made = {record.order.recipe_id}
        elif isinstance(record, SecondMinced):
            made = set(record.source_recipes.values_list("pk", flat=True))
        if not made:
            return set()
        found |= made
    return found


OPERATION = Operation({"pallet": "pallet", "reason": "text"}, convert_pallet)
