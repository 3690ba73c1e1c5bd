"""Every movement of what a recall affects, with its eight key data elements and what of them is
not known (domain 14.2)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact, Line
from crm.ledger.event_titles import event_title
from crm.ledger.models import Account, Lot, Posting
from crm.ledger.trace import Way, lots_of
from crm.production.facts.trace_lines import named_fields
from crm.production.lots import named
from crm.production.models import RawBatch, ShipmentPallet

WHO, PARTNER = "кто", "с кем"
WITH_PARTNER = (Account.SUPPLIER, Account.CUSTOMER)


def recall_movements(lot: Lot) -> Iterator[Line]:
    """Give the postings of the affected lots in the order in which they happened: when, what
    happened, what it is, its number, where, kilograms (signed), who did it, with whom; `gaps`
    names what is missing. A movement inside the plant has no partner and lacks none."""
    ids = lots_of([lot.pk], Way.FORWARD)
    names = named(ids)
    partners = {**_suppliers(ids), **_customers(ids)}
    rows = Posting.objects.filter(lot__in=ids).select_related("event__by", "mix")
    for row in rows.order_by("event__occurred_at", "event__recorded_at", "pk"):
        who = row.event.by.full_name if row.event.by else None
        outside = row.account in WITH_PARTNER
        partner = partners.get((row.lot_id, row.account)) if outside else None
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


def _suppliers(ids: set[int]) -> dict[tuple[int, str], str]:
    rows = RawBatch.objects.filter(lot__in=ids, supplier__isnull=False)
    return {
        (lot, Account.SUPPLIER.value): name
        for lot, name in rows.values_list("lot", "supplier__name")
    }


def _customers(ids: set[int]) -> dict[tuple[int, str], str]:
    rows = ShipmentPallet.objects.filter(
        pallet__lot__in=ids, removed_at__isnull=True, shipment__shipped_at__isnull=False
    )
    found = rows.order_by("pk").values_list("pallet__lot", "shipment__customer__name")
    return {(lot, Account.CUSTOMER.value): name for lot, name in found}


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
