"""What there was of raw meat, what came, what went, what is left, batch by batch (domain 10.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from crm.fact import Fact, Line
from crm.ledger.models import Account, Posting
from crm.production.models import RawBatch
from crm.production.operations.receive_into_stock import RECEIPT
from crm.production.operations.write_off_blank import KIND as WEIGHED
from crm.production.operations.write_off_mix import KIND as WRITTEN_OFF

UNDONE = "reverse_"  # what undoes an event belongs to the same column with the other sign
INCOME = (RECEIPT, f"{UNDONE}{RECEIPT}")
USAGE = (WEIGHED, WRITTEN_OFF, f"{UNDONE}{WEIGHED}", f"{UNDONE}{WRITTEN_OFF}")
NOTHING = Decimal(0)


def raw_balance(period: tuple[datetime, datetime]) -> Iterator[Line]:
    """Give a line of each batch that had, got or lost something: kilograms at the beginning,
    income, usage (positive), corrections with their sign, kilograms at the end: the first and the
    last are what the postings say, and end = start + income − usage + corrections to the gram
    (Q11)."""
    sums = _sums(*period)
    rows = RawBatch.objects.filter(lot__in=sums).select_related("raw_material", "company", "lot")
    for batch in rows.order_by("raw_material__name", "received_at", "pk"):
        line = _line(batch, sums[batch.lot_id])
        if any(line[name] for name in COLUMNS):
            yield line


COLUMNS = ("start", "income", "usage", "corrections", "end")


def _sums(begins: datetime, ends: datetime) -> dict[int, Mapping[str, Decimal | None]]:
    """Return the sums of each lot of the raw store, in one query."""
    within = Q(event__occurred_at__gte=begins, event__occurred_at__lt=ends)
    income, usage = Q(event__kind__in=INCOME), Q(event__kind__in=USAGE)
    store = Posting.objects.filter(account=Account.RAW_STORE, event__occurred_at__lt=ends)
    found = store.values("lot").annotate(
        start=Sum("kg", filter=Q(event__occurred_at__lt=begins)),
        income=Sum("kg", filter=within & income),
        usage=Sum("kg", filter=within & usage),
        corrections=Sum("kg", filter=within & ~income & ~usage),
        end=Sum("kg"),
    )
    return {row["lot"]: {name: row[name] for name in COLUMNS} for row in found}  # type: ignore[literal-required]


def _line(batch: RawBatch, sums: Mapping[str, Decimal | None]) -> Line:
    kg = {name: sums[name] or NOTHING for name in COLUMNS}
    label = f"{batch.raw_material} {batch.company}"
    fields = {"batch": batch, "label": label, **kg, "usage": -kg["usage"]}
    return Line(str(batch.pk), label, fields)


FACT = Fact(
    params=("period",),
    result="list of raw_balance_line",
    answer=raw_balance,
    records={
        "raw_balance_line": {
            "batch": "raw_batch",
            "label": "text",
            **dict.fromkeys(COLUMNS, "number kg"),
        }
    },
)
