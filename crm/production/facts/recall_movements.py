"""Every movement of what a recall affects, with its eight key data elements and what of them is
not known (domain 14.2)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from crm.fact import Fact, Line
from crm.ledger.event_titles import event_title
from crm.ledger.models import Account, Lot, Posting
from crm.ledger.trace import Way, lots_of
from crm.production.customers import Left, left_as
from crm.production.facts.trace_lines import named_fields
from crm.production.lots import named
from crm.production.lying import put_on
from crm.production.models import RawBatch

WHO, PARTNER = "кто", "с кем"
WITH_PARTNER = (Account.SUPPLIER, Account.CUSTOMER)


def recall_movements(lot: Lot) -> Iterator[Line]:
    """Give the postings of the affected lots in the order in which they happened: when, what
    happened, what it is, its number, where, kilograms (signed), who did it, with whom; `gaps`
    names what is missing. A movement inside the plant has no partner and lacks none."""
    ids = lots_of({lot.pk, *put_on([lot.pk])}, Way.FORWARD)
    names = named(ids)
    suppliers, customers = _suppliers(ids), _customers(ids)
    rows = Posting.objects.filter(lot__in=ids)
    rows = rows.select_related("event__by", "event__reverses", "mix")
    for row in rows.order_by("event__occurred_at", "event__recorded_at", "pk"):
        who = row.event.by.full_name if row.event.by else None
        outside = row.account in WITH_PARTNER
        partner = None
        if outside:
            sent = row.account == Account.CUSTOMER
            partner = _whom(customers, row) if sent else suppliers.get(row.lot_id)
        gaps = [*([] if who else [WHO]), *([PARTNER] if outside and not partner else [])]
        fields = {
            "at": row.event.occurred_at,
            "event": event_title(row.event.kind),
            **named_fields(names[row.lot_id]),
            "place": str(row.get_account_display()),
            "kg": row.kg,
            "who": who,
            "partner": partner or (str(row.mix) if row.mix else None),
            "gaps": ", ".join(gaps) or None,
        }
        del fields["state"]
        yield Line(str(row.pk), names[row.lot_id].full, fields)


def _suppliers(ids: set[int]) -> dict[int, str]:
    rows = RawBatch.objects.filter(lot__in=ids, supplier__isnull=False)
    return dict(rows.values_list("lot", "supplier__name"))


def _customers(ids: set[int]) -> Mapping[int, Sequence[Left]]:
    found: dict[int, list[Left]] = defaultdict(list)
    for one in left_as(ids):
        found[one.lot].append(one)
    return found


def _whom(customers: Mapping[int, Sequence[Left]], row: Posting) -> str | None:
    """Return who had a lot when a line was written: what came back and was sold again was with one
    customer and then with another. What undoes a shipment is about the same customer as it."""
    left = customers.get(row.lot_id)
    if not left:
        return None
    at = (row.event.reverses or row.event).occurred_at
    place = bisect_right([one.at for one in left], at)
    return left[max(place - 1, 0)].customer


FACT = Fact(
    params=("lot",),
    result="list of recall_movement",
    answer=recall_movements,
    records={
        "recall_movement": {
            "at": "datetime",
            "event": "text",
            "kind": "text",
            "number": "text",
            "place": "text",
            "kg": "number kg",
            "who": "text?",
            "partner": "text?",
            "gaps": "text?",
        }
    },
)
