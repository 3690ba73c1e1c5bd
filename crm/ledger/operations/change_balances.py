"""Change what is on balances and what is reserved of them, all of them by one statement."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Case, F, When

from crm.at_once import Said
from crm.ledger.models import Balance
from crm.ledger.operations.lock import Place
from crm.prepared import Change, Hole

COLUMNS = ("physical", "reserved")
Kilograms = Mapping[Place, Decimal]


def changed(
    balances: Mapping[Place, Balance], physical: Kilograms, reserved: Kilograms
) -> list[Said]:
    """Return the statement that adds kilograms to balances that are locked, none when there is
    nothing to add; the balances in hand are brought up to date."""
    nothing = Decimal(0)
    values: dict[str, object] = {}
    places = sorted({**physical, **reserved})
    for at, place in enumerate(places):
        balance = balances[place]
        more = physical.get(place, nothing), reserved.get(place, nothing)
        values |= {f"id_{at}": balance.pk}
        for name, kg in zip(COLUMNS, more, strict=True):
            values[f"{name}_{at}"] = kg
            setattr(balance, name, getattr(balance, name) + kg)
    return [_of(len(places)).said(**values)] if places else []


@cache
def _of(count: int) -> Change:
    keys: list[Any] = [Hole(Balance, "id", f"id_{at}") for at in range(count)]

    def more(name: str) -> Case:
        holes = (Hole(Balance, name, f"{name}_{at}") for at in range(count))
        return Case(*(When(pk=key, then=kg) for key, kg in zip(keys, holes, strict=True)))

    return Change(
        lambda: (
            Balance.objects.filter(pk__in=keys),
            {name: F(name) + more(name) for name in COLUMNS},
        )
    )
