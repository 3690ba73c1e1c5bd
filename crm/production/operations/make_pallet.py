"""Make a pallet with a number that is free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from crm.ledger.models import Lot
from crm.people.models import Person
from crm.production.day import production_day
from crm.production.models import Mix, Pallet, PalletItem
from crm.production.models.pallet import PalletKind
from crm.production.numbers import refuse_lost, refuse_taken
from crm.whole import whole


@whole
def make_pallet(
    by: Person | None,
    *,
    number: int,
    kind: PalletKind,
    lots: Iterable[Lot],
    at: datetime,
    **fields: Any,
) -> Pallet:
    """Make a pallet in state `new` that carries lots. Raises Refused when the number is taken, also
    by somebody at the same moment."""
    refuse_taken(number, at)
    try:
        with transaction.atomic():
            pallet = Pallet.objects.create(
                lot=Lot.objects.create(kind=Lot.Kind.PALLET),
                number=number,
                production_day=production_day(at),
                kind=kind,
                created_at=at,
                created_by=by,
                **fields,
            )
    except IntegrityError:
        refuse_taken(number, at)
        refuse_lost(number)
    PalletItem.objects.bulk_create(PalletItem(pallet=pallet, lot=lot) for lot in lots)
    return pallet


def pallet_of_mix(by: Person | None, mix: Mix, number: int, at: datetime) -> Pallet:
    """Make a pallet that carries one mix; the same mix and number are one pallet."""
    there = Pallet.objects.filter(
        items__lot=mix.lot_id, number=number, state=Pallet.State.NEW
    ).first()
    if there:
        return there
    line = mix.order.product_line if mix.order else "mko"
    recipe = mix.order.recipe if mix.order else None
    return make_pallet(
        by,
        number=number,
        kind=Pallet.Kind.MIX,
        lots=[mix.lot],
        at=at,
        product_line=line,
        recipe=recipe,
    )
