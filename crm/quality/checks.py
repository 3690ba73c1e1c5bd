"""What a check of the plan is called, judges by and is about: its title, the limit, the last good
one of the same point, the lots that were there since (domain 14.3, 14.7). Start at `bounds_of`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from crm.catalogue.models import Freezer
from crm.ledger.models import Account, Balance, Lot, Posting
from crm.production.day import span_of
from crm.production.lying import lying
from crm.production.models import FreezerLoad, Mix, PalletItem, ShipmentPallet
from crm.production.models.mix import DISCHARGED, MixState
from crm.production.models.pallet import PalletState
from crm.production.shippable import ON_STOCK
from crm.quality import limits
from crm.quality.limits import in_force, most_in_force
from crm.quality.models import Check, Measurement
from engine.errors import EngineError
from engine.languages.message import Message
from engine.model.conversation import Bounds

WARM = "warm_store"  # the limit above which product in a chamber or the store is not frozen
WARM_MINUTES = "warm_minutes"  # for how long it may be
GOOD, BAD = "good", "bad"  # marks

_BEFORE_THE_PRESS = (MixState.NEW, MixState.QUEUED, MixState.UNPACKING, MixState.UNPACKED)
_OUT = (PalletState.SHIPPED, PalletState.CONVERTED, PalletState.SCRAPPED)
_GONE = (FreezerLoad.State.NEW, FreezerLoad.State.VOIDED)


def title_of(check: Check) -> str:
    """Say what is checked and where, so that each reader has it in his language: the title of the
    limit is a text of the forms."""
    values: dict[str, str] = {"limit": limits.title_of(check.limit, check.title)}
    if check.freezer is not None:
        values["freezer"] = check.freezer.said
    if check.lot is not None:
        values["lot"] = _held(check.lot)
        together = Message("{limit}, {freezer}, {lot}", values)
        return together if check.freezer else Message("{limit}, {lot}", values)
    if check.freezer is not None:
        return Message("{limit}, {freezer}", values)
    if check.line is not None:
        return Message("{limit}, линия {line}", {**values, "line": str(check.line)})
    return values["limit"]


def _held(lot: Lot) -> str:
    values = {"number": str(lot.record)}
    return Message("замес {number}" if lot.kind == Lot.Kind.MIX else "паллет {number}", values)


def bounds_of(check: Check, at: datetime) -> Bounds:
    """Return the limit of a check that is in force. Raises EngineError when none is."""
    for row in in_force(check.limit, at):
        return row.bounds
    raise EngineError(f"limit {check.limit} has no row in force")


def entered(
    temperature: Decimal | None = None, count: int | None = None, mark: str | None = None
) -> Decimal | None:
    """Return what was entered as a number; a bad mark is one fault. None when nothing was."""
    if temperature is not None:
        return temperature
    if count is not None:
        return Decimal(count)
    return None if mark is None else Decimal(mark == BAD)


def last_good(check: Check) -> datetime:
    """Return when the last good check of the same point was made, before the window of this one; at
    the first of them, when the production day of its window began."""
    before = Check.objects.filter(
        point=check.point, state=Check.State.PASSED, made_at__lte=check.made_at or check.closes_at
    )
    last = before.exclude(pk=check.pk).order_by("-made_at").first()
    if last is not None and last.made_at is not None:
        return last.made_at
    return span_of(check.opens_at)[0]


def warm_since(check: Check, at: datetime) -> datetime | None:
    """Return since when the readings of the point of a check have been above −15.0 (`warm_store`),
    if the first and the last of them are more than 20 minutes (`warm_minutes`) apart and none good
    stands between; else None."""
    most = most_in_force(WARM)
    rows = Measurement.objects.filter(check_made__point=check.point, at__lte=at)
    first = last = None
    for value, moment in rows.order_by("-at", "-id").values_list("value", "at"):
        if value <= most:
            break
        first, last = moment, last or moment
    if first is None or last is None:
        return None
    longest = timedelta(minutes=float(most_in_force(WARM_MINUTES)))
    return first if last - first > longest else None


def inside(check: Check, since: datetime) -> set[int]:
    """Return the lots that were where a check is made at some time since a moment: in its freezer,
    between the press and the mixer of its line, in the store of finished product; of a check of a
    lot, that one."""
    if check.lot_id is not None:
        return {check.lot_id}
    if check.freezer is not None:
        return _in_freezer(check.freezer, since)
    return _on_line(check.line, since) if check.line is not None else _in_store(since)


def _in_freezer(freezer: Freezer, since: datetime) -> set[int]:
    loads = FreezerLoad.objects.filter(freezer=freezer).exclude(state__in=_GONE)
    there = loads.filter(Q(unloaded_at__isnull=True) | Q(unloaded_at__gte=since))
    return _known(_flat(there.values_list("mix__lot", "pallet__lot")))


def _on_line(line: int, since: datetime) -> set[int]:
    mixes = Mix.objects.filter(line=line).exclude(
        state__in=[*_BEFORE_THE_PRESS, MixState.CANCELLED]
    )
    there = ~Q(state__in=[*DISCHARGED]) | Q(produced_at__gte=since)
    return set(mixes.filter(there).values_list("lot", flat=True))


def _in_store(since: datetime) -> set[int]:
    """Return what is in the store now, and what left it since, also for production; вторфарш by its
    pallets, whose kilograms the books keep under its own lots."""
    store = Account.FG_STORE
    now = Balance.objects.filter(account=store, physical__gt=0)
    left = Posting.objects.filter(account=store, event__occurred_at__gte=since, kg__lt=0)
    books = {*now.values_list("lot", flat=True), *left.values_list("lot", flat=True)}
    return books | _rework_in_store(since)


def _rework_in_store(since: datetime) -> set[int]:
    now = lying().filter(lies__gt=0)
    taken = Posting.objects.filter(
        account=Account.REWORK_STORE, event__occurred_at__gte=since, kg__lt=0
    )
    before = ShipmentPallet.objects.filter(
        pallet=OuterRef("pallet"), removed_at=None, shipment__shipped_at__lt=since
    )
    left = PalletItem.objects.filter(
        ~Exists(before), lot__in=taken.values("lot"), pallet__state__in=[*ON_STOCK, *_OUT]
    )
    return {*now.values_list("pallet__lot", flat=True), *left.values_list("pallet__lot", flat=True)}


def _flat(rows: Iterable[tuple[int | None, ...]]) -> Iterable[int | None]:
    return (one for row in rows for one in row)


def _known(ids: Iterable[int | None]) -> set[int]:
    return {one for one in ids if one is not None}
