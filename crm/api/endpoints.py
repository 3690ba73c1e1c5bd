"""The addresses of the API: each reads by what the commands, the bot and the office read by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router

from crm.api import problems
from crm.api.access import Bearer
from crm.api.answers import Found, LotCard, Lots, Recalled, StoredLots, Stores, Traced
from crm.api.models import Scope
from crm.api.problems import Problem
from crm.bridge.traced import as_plain
from crm.ledger.models import REAL_ACCOUNTS, Account, Lot
from crm.ledger.stock import kept, on_stores
from crm.ledger.trace import Way, trace
from crm.production.card import whole
from crm.production.lots import Named, called, find_lots, named
from crm.production.lying import put_on, stored
from crm.production.recall import recall
from crm.quality.usable import Use, blocked_lots

LARGEST_ID = 2**63 - 1  # what a column of ids holds
MOST_LOTS, MOST_PARTS = 200, 1000
LotId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The id of a lot.")]
Seen = Annotated[int, Query(ge=0, le=LARGEST_ID, description="The cursor of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MOST_LOTS, description="How many at most.")]
PartLimit = Annotated[int, Query(ge=1, le=MOST_PARTS, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=LARGEST_ID // 2, description="How many to leave out.")]
Word = Annotated[
    str,
    Query(
        min_length=1,
        max_length=80,
        pattern=r"^[^\x00]+$",
        description="An exact number, with or without its year, the code of a label or its link.",
    ),
]
StoreName = Annotated[Account, Path(description="A store, as `/stock` names them.")]

router = Router()


def _answers(right: Any, *more: int) -> dict[int, Any]:
    """What an address answers: the right thing, or one of the problems."""
    return {200: right, **dict.fromkeys((401, 403, *more, 422, 429), Problem)}


@router.get("/lots", response=_answers(Lots), auth=Bearer(Scope.LOTS), tags=["lots"])
def list_lots(
    request: HttpRequest,
    kind: Lot.Kind | None = None,
    before: Seen = LARGEST_ID,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Lots, the newest first; a page asks for those before the last one of the page before."""
    rows = Lot.objects.filter(pk__lt=before).order_by("-pk")
    if kind is not None:
        rows = rows.filter(kind=kind)
    ids = list(rows.values_list("pk", flat=True)[: limit + 1])
    names = named(ids[:limit])
    return {
        "lots": [_name(names[lot]) for lot in ids[:limit]],
        "before": ids[limit - 1] if len(ids) > limit else None,
    }


@router.get("/lots/named", response=_answers(Found), auth=Bearer(Scope.LOTS), tags=["lots"])
def find(
    request: HttpRequest, number: Word, offset: Offset = 0, limit: Limit = 50
) -> dict[str, Any]:
    """Lots by the number that people use: those of this year first, then the newest. An order means
    its mixes, a shipment its pallets."""
    found = find_lots(number, timezone.now())
    page = found[offset : offset + limit]
    names = named(page)
    return {"total": len(found), "lots": [_name(names[lot]) for lot in page]}


@router.get("/lots/{lot}", response=_answers(LotCard, 404), auth=Bearer(Scope.LOTS), tags=["lots"])
def show_lot(request: HttpRequest, lot: LotId) -> dict[str, Any]:
    """A lot at a glance: where it stands, its kilograms, what forbids to use it."""
    found = _lot(lot)
    held = [(use, blocked_lots([found], use).get(found.pk)) for use in Use]
    there, free = stored(found)
    return {
        **_name(called(found)),
        "created_at": timezone.localtime(found.created_at),
        "made_kg": whole(found),
        "stored_kg": there,
        "free_kg": free,
        "blocked": [
            {"use": use.value, "kind": hold.kind, "reason": hold.reason, "lot": hold.lot_id}
            for use, hold in held
            if hold is not None
        ],
    }


@router.get(
    "/lots/{lot}/trace/{way}",
    response=_answers(Traced, 404),
    auth=Bearer(Scope.TRACE),
    tags=["trace"],
)
def trace_lot(
    request: HttpRequest, lot: LotId, way: Way, offset: Offset = 0, limit: PartLimit = 200
) -> dict[str, Any]:
    """What was made of a lot (forward) or what it was made of (backward), over all steps, the
    largest shares first."""
    found = trace(_lot(lot).pk, way, holding=put_on([lot]))
    return {**as_plain(found, offset, limit), "total": len(found.parts)}


@router.get(
    "/lots/{lot}/recall",
    response=_answers(Recalled, 404),
    auth=Bearer(Scope.TRACE),
    tags=["trace"],
)
def recall_lot(
    request: HttpRequest, lot: LotId, offset: Offset = 0, limit: PartLimit = 200
) -> dict[str, Any]:
    """What a recall of a lot would mean now: where its mass is, which customers have of it."""
    found = recall(_lot(lot).pk)
    shipped = [
        {
            "lot": one.lot,
            "customer": one.customer,
            "shipment": one.shipment,
            "at": one.at and timezone.localtime(one.at),
            "kg": one.kg,
        }
        for one in found.shipped[offset : offset + limit]
    ]
    return {
        "lot": lot,
        "lots": len(found.trace.parts),
        "suspect": found.suspect,
        "product": found.product,
        "shipped_total": len(found.shipped),
        "shipped": shipped,
    }


@router.get("/stock", response=_answers(Stores), auth=Bearer(Scope.STOCK), tags=["stock"])
def list_stores(request: HttpRequest) -> dict[str, Any]:
    """What is on each store and what of it is reserved."""
    return {
        "at": timezone.localtime(),
        "stores": [
            {
                "store": store.value,
                "title": str(store.label),
                "kg": there,
                "reserved_kg": held,
            }
            for store, (there, held) in on_stores().items()
        ],
    }


@router.get(
    "/stock/{store}", response=_answers(StoredLots, 404), auth=Bearer(Scope.STOCK), tags=["stock"]
)
def list_stored(
    request: HttpRequest, store: StoreName, after: Seen = 0, limit: Limit = 50
) -> dict[str, Any]:
    """What is on a store, lot by lot; a page asks for those after the last one of the page
    before."""
    if store not in REAL_ACCOUNTS:
        raise problems.no_store()
    rows = kept(store).filter(lot__gt=after).order_by("lot")
    found = list(rows.values_list("lot", "physical", "reserved")[: limit + 1])
    page = found[:limit]
    ids = [lot for lot, _, _ in page]
    names = named(ids)
    held = blocked_lots(ids, Use.SHIPPING if store is Account.FG_STORE else Use.PLANNING)
    return {
        "store": store.value,
        "lots": [
            {
                **_name(names[lot]),
                "day": names[lot].day,
                "kg": there,
                "reserved_kg": reserved,
                "free_kg": there - reserved,
                "blocked": lot in held,
            }
            for lot, there, reserved in page
        ],
        "after": ids[-1] if len(found) > limit else None,
    }


def _lot(lot: int) -> Lot:
    found = Lot.objects.filter(pk=lot).first()
    if found is None:
        raise problems.no_lot()
    return found


def _name(name: Named) -> Mapping[str, Any]:
    return {
        "id": name.lot,
        "kind": name.kind,
        "number": name.number,
        "full_number": name.full,
        "state": name.state,
        "state_title": name.state_title,
    }
