"""Take a weighed pallet into the store of finished goods (domain 4.36, 7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from crm.ledger.models import Account, Event
from crm.ledger.operations.bear import bear
from crm.ledger.operations.lock import lock_balances
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.operation import Operation
from crm.people.models import Person
from crm.production.grams import split_by
from crm.production.models import Mix, Pallet, PalletItem, SecondMinced
from crm.production.models.pallet import IN_WORK
from crm.production.operations.weigh_rework import weigh_rework
from crm.quality.usable import Use, refuse_blocked
from engine.errors import Refusal, Refused

KIND, SOURCE = "accept_pallet", "pallet"
Lines = tuple[list[Line], list[EdgeLine]]


@transaction.atomic
def accept_pallet(by: Person | None, *, at: datetime, pallet: Pallet) -> None:
    """Post the net of a pallet: of mixes from process, of МКО from its store with what freezing
    took; вторфарш stays in its own store under its own lots, of which there is then as much as the
    pallet weighs. Once.

    Raises Refused without a net, and when a hold forbids palletizing."""
    if accepted_by(pallet) is None:
        items = items_of(pallet)
        refuse_blocked([pallet.lot_id, *(item.lot_id for item in items)], Use.FREEZING)
        take_in(by, at=at, pallet=pallet, items=items)
        if pallet.net and is_rework(items):
            weigh_rework(by, at=at, pallet=pallet, items=items, net=pallet.net)


def items_of(pallet: Pallet) -> list[PalletItem]:
    """Return what is on a pallet, with the lots."""
    return list(pallet.items.select_related("lot").order_by("pk"))


def take_in(by: Person | None, *, at: datetime, pallet: Pallet, items: list[PalletItem]) -> None:
    """Post the net of a pallet that is not accepted, whatever holds it. Raises Refused without a
    net."""
    if not pallet.net:
        raise Refused(Refusal("Паллет {number} не взвешен", {"number": str(pallet)}))
    pallet.accepted_at = at
    pallet.save(update_fields=["accepted_at"])
    if is_rework(items):
        return
    if pallet.lot.born is None:
        bear(pallet.lot)
    lines, edges = _posted(pallet, items, pallet.net)
    post(
        KIND,
        lines,
        by=by,
        session=None,
        source=SOURCE,
        key=f"{KIND}:{pallet.pk}:{_times(pallet)}",
        occurred_at=at,
        edges=edges,
    )


def accepted_by(pallet: Pallet) -> Event | None:
    """Return the event that took a pallet into the store and is not reversed."""
    return _events(pallet).filter(reversed_by__isnull=True).first()


def is_rework(items: Sequence[PalletItem]) -> bool:
    """Tell whether what is on a pallet is вторфарш: it is kept under its own lots."""
    kinds = {item.lot.record.kind for item in items if isinstance(item.lot.record, SecondMinced)}
    return kinds == {SecondMinced.Kind.REWORK}


def _posted(pallet: Pallet, items: list[PalletItem], net: Decimal) -> Lines:
    second = [item for item in items if isinstance(item.lot.record, SecondMinced)]
    return _from_store(pallet, second, net) if second else _from_process(pallet, items, net)


def _from_process(pallet: Pallet, items: list[PalletItem], net: Decimal) -> Lines:
    """Process −, finished goods +: a line a mix, by the kilograms that each has on the pallet."""
    known = [item.kg or Decimal(1) for item in items]
    shares = split_by(net, known)
    lines, edges = [], []
    for item, kg in zip(items, shares, strict=True):
        mix = item.lot.record
        if not isinstance(mix, Mix) or kg <= 0:
            continue
        lines.append(Line(pallet.lot, Account.PROCESS, -kg, order=mix.order, mix=mix))
        edges.append(EdgeLine(item.lot, pallet.lot, kg, estimated=item.estimated))
        if item.kg is None:
            item.kg = kg
            item.save(update_fields=["kg"])
    lines.append(Line(pallet.lot, Account.FG_STORE, net))
    return lines, edges


def _from_store(pallet: Pallet, items: list[PalletItem], net: Decimal) -> Lines:
    """МКО store −net₁, finished goods +net₂; what freezing took is a loss, what it gave came from
    process."""
    stored = lock_balances((item.lot_id, Account.MKO_STORE.value) for item in items)
    lines, edges = [], []
    before = Decimal(0)
    for item in items:
        kg = _off_store(item, stored[item.lot_id, Account.MKO_STORE.value].physical)
        if kg <= 0:
            continue
        before += kg
        lines.append(Line(item.lot, Account.MKO_STORE, -kg))
        edges.append(EdgeLine(item.lot, pallet.lot, kg))
    lines.append(Line(pallet.lot, Account.FG_STORE, net))
    if before > net:
        lines.append(Line(items[-1].lot, Account.LOSS_FREEZING, before - net))
    elif net > before:
        lines.append(Line(pallet.lot, Account.PROCESS, before - net))
    return lines, edges


def _off_store(item: PalletItem, there: Decimal) -> Decimal:
    """Return what of a lot goes off its store with a pallet: all of one that lies on no other, as
    a stocktake may have found it meanwhile, else never more than there is."""
    second: SecondMinced = item.lot.second_minced
    others = PalletItem.objects.filter(lot=item.lot_id, pallet__state__in=IN_WORK)
    shared = others.exclude(pallet=item.pallet_id).exists()
    if second.state == SecondMinced.State.ON_PALLET and not shared:
        return there
    return min(item.kg or Decimal(0), there)


def _events(pallet: Pallet) -> QuerySet[Event]:
    return Event.objects.filter(source=SOURCE, key__startswith=f"{KIND}:{pallet.pk}:")


def _times(pallet: Pallet) -> int:
    return _events(pallet).count()


OPERATION = Operation({"pallet": "pallet"}, accept_pallet)
