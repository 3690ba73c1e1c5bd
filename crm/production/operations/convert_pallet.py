"""Make вторфарш of a pallet (domain 5.4, 5.7, 7.2)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from crm.ledger.models import Account, Lot
from crm.ledger.operations.bear import bear
from crm.ledger.operations.lock import lock_lots
from crm.ledger.operations.move_state import move_state
from crm.ledger.operations.number import next_number
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.ledger.trace import Way, lots_of
from crm.operation import Operation
from crm.own_words import TURNED_BACK
from crm.people.models import Person
from crm.production.leaving import bring_in
from crm.production.models import Mix, Pallet, SecondMinced
from crm.production.operations.register_second_minced import NAMES
from crm.production.stocked import stocked
from crm.quality.models import Hold, HoldKind
from crm.quality.operations.place_hold import place_hold
from crm.quality.operations.release_hold import release_hold
from crm.quality.usable import RULES, Reach, Use, refusal
from engine.errors import Refused

KIND = "convert_pallet"
ENDED = (HoldKind.FHP, HoldKind.ASH)  # what goes into вторфарш is analysed again with its mix
GONE = (Pallet.State.CONVERTED, Pallet.State.SCRAPPED, Pallet.State.CANCELLED)


@transaction.atomic
def convert_pallet(by: Person, *, at: datetime, pallet: Pallet, reason: str) -> None:
    """Move everything of a pallet into a new lot of вторфарш, one generation older than what it was
    made of.

    It is a way out of a failed analysis (domain 5.4), whose holds end with it: else the new lot,
    and all that is made of it, would inherit them for good. Raises Refused for any other hold that
    forbids its use: that one would go on into products; and when nobody knows how much it is."""
    _refuse_held(pallet)
    bring_in(by, pallet, at)
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
    _end_holds(by, pallet, at, reason)


def pallet_of(key: str) -> int:
    """Return the pallet that an event of this kind is of, by the key of the event."""
    return int(key.removeprefix(f"{KIND}:"))


def _refuse_held(pallet: Pallet) -> None:
    """Lock what is on the pallet and the pallets that share it; refuse a hold that conversion does
    not end: its own, that of its content, and one that everything made of a lot inherits."""
    content = {pallet.lot_id, *pallet.items.values_list("lot_id", flat=True)}
    shared = Pallet.objects.filter(items__lot__in=content).values_list("lot_id", flat=True)
    lock_lots(content | {*shared})
    ancestors = lots_of(content, Way.BACKWARD)
    held = Hold.objects.filter(lot__in=ancestors, released_at__isnull=True).exclude(kind__in=ENDED)
    for hold in held.select_related("lot").order_by("pk"):
        reach = RULES[HoldKind(hold.kind)].reach(Use.PHYSICAL)
        if reach is Reach.MADE or (reach is Reach.OWN and hold.lot_id in content):
            raise Refused(refusal(hold.lot, hold))


def _end_holds(by: Person, pallet: Pallet, at: datetime, reason: str) -> None:
    """Release the holds that conversion ends; the other pallets of a held mix are held by
    themselves from now on."""
    content = [pallet.lot_id, *pallet.items.values_list("lot_id", flat=True)]
    held = Hold.objects.filter(lot__in=content, kind__in=ENDED, released_at__isnull=True)
    for hold in held.order_by("pk"):
        others = Pallet.objects.filter(items__lot=hold.lot_id).exclude(pk=pallet.pk)
        for other in others.exclude(state__in=GONE).order_by("pk"):
            place_hold(by, lot=other.lot, kind=hold.kind, reason=hold.reason, at=at)
        why = TURNED_BACK.with_values({"pallet": str(pallet), "reason": reason})
        release_hold(by, hold=hold, reason=why[:500], at=at, decided=True)


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
