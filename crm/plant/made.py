"""What a simulated plant made, counted in its rows. Start at `made_since`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from crm.ledger.models import StateHistory
from crm.production.models import Pallet, RawBatch

# What is counted, and the transition of which record makes one.
COUNTED: tuple[tuple[str, str, str], ...] = (
    ("партий сырья", "raw_batch", "accept"),
    ("заготовок", "blank", "weigh"),
    ("партий фарша", "minced_order", "plan"),
    ("замесов", "mix", "discharge"),
    ("загрузок", "freezer_load", "load"),
    ("паллетов", "pallet", "accept"),
    ("отгрузок", "shipment", "ship"),
    ("вторичных партий", "second_minced", "register"),
)


@dataclass(frozen=True)
class Made:
    """How many of each, by its title; kilograms taken in, accepted into the store and shipped."""

    counts: dict[str, int] = field(default_factory=dict)
    received: Decimal = Decimal(0)
    accepted: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)


def made_since(since: datetime) -> Made:
    """Count what was made from a moment on."""

    def ids(record: str, transition: str) -> set[int]:
        rows = StateHistory.objects.filter(record=record, transition=transition, at__gte=since)
        return {int(one) for one in rows.values_list("record_id", flat=True)}

    def net(pallets: set[int]) -> Decimal:
        return Pallet.objects.filter(pk__in=pallets).aggregate(kg=Sum("net"))["kg"] or Decimal(0)

    batches = RawBatch.objects.filter(pk__in=ids("raw_batch", "accept"))
    return Made(
        {title: len(ids(record, transition)) for title, record, transition in COUNTED},
        batches.aggregate(kg=Sum("weight_received"))["kg"] or Decimal(0),
        net(ids("pallet", "accept")),
        net(ids("pallet", "ship")),
    )
