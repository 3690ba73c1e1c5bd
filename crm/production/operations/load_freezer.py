"""Put something into the lowest free place of a freezer."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from crm.catalogue.models import Freezer
from crm.new_rows import insert_unless_there
from crm.people.models import Person
from crm.production.models import FreezerLoad, MincedOrder, Mix, Pallet, Stop
from crm.production.models.freezing import HOLDS_A_SLOT
from crm.quality.usable import Use, refuse_blocked
from crm.whole import whole
from engine.errors import Refusal, Refused
from engine.languages.message import Message


@whole
def load_freezer(
    by: Person | None,
    *,
    freezer: Freezer,
    at: datetime,
    mix: Mix | None = None,
    pallet: Pallet | None = None,
) -> FreezerLoad:
    """Make the load of a mix or a pallet in state `new`; what is in the freezer already stays one
    load. The freezer is locked: of two who take its last place the later one is told.

    Raises Refused when it is full, stands still or is out of use, and for what a hold keeps from
    being frozen (domain 5.12)."""
    refuse_blocked(_content(mix, pallet), Use.FREEZING)
    locked = Freezer.objects.select_for_update().get(pk=freezer.pk)
    standing = FreezerLoad.objects.filter(state__in=HOLDS_A_SLOT)
    there = standing.filter(mix=mix, pallet=pallet).select_related("freezer").first()
    if there:
        if there.freezer_id == locked.pk:
            return there
        raise Refused(stands_already(there))
    free = lowest_free_slot(locked)
    load = insert_unless_there(
        FreezerLoad(freezer=locked, slot=free, mix=mix, pallet=pallet, created_at=at, created_by=by)
    )
    if load is None:  # somebody took the place, or put the same thing elsewhere
        there = standing.filter(mix=mix, pallet=pallet).select_related("freezer").first()
        raise Refused(stands_already(there) if there else _full(locked))
    return load


def stands_already(load: FreezerLoad) -> Refusal:
    """Say where a mix or a pallet stands already, who put it there, and when."""
    what = Message("Паллет {number}", {"number": str(load.pallet)})
    if load.mix is not None:
        what = Message("Замес {number}", {"number": str(load.mix)})
    at = f"{timezone.localtime(load.created_at):%H:%M}"
    values = {"what": what, "place": load.freezer.said, "who": str(load.created_by), "at": at}
    return Refusal("{what} уже стоит: {place}, поставил(а) {who}, {at}", values)


def _content(mix: Mix | None, pallet: Pallet | None) -> list[int]:
    """Return the ids of the lots that go in."""
    lots = [one.lot_id for one in (mix, pallet) if one is not None]
    return lots + (list(pallet.items.values_list("lot_id", flat=True)) if pallet else [])


def lowest_free_slot(locked: Freezer) -> int:
    """Return the lowest free place of a freezer that is locked. Raises Refused when it is full,
    stands still or is out of use."""
    if not locked.active:
        raise Refused(Refusal("{freezer} не действует", {"freezer": locked.said}, again="freezer"))
    stop = Stop.objects.standing().filter(resource=locked.resource).first()
    if stop:
        text = Message("{freezer} остановлен: {reason}")
        values = {"freezer": locked.said, "reason": stop.reason}
        raise Refused(Refusal(text, values, again="freezer"))
    standing = FreezerLoad.objects.filter(state__in=HOLDS_A_SLOT, freezer=locked)
    held = set(standing.values_list("slot", flat=True))
    free = next((slot for slot in range(1, locked.capacity + 1) if slot not in held), None)
    if free is None:
        raise Refused(_full(locked))
    return free


def refuse_other_line(mix: Mix, freezer: Freezer) -> None:
    """Refuse a plate freezer of the other line; a mix of a joint order may stand on either (domain
    4.26)."""
    joint = mix.order is not None and mix.order.line_mode == MincedOrder.LineMode.BOTH
    if freezer.kind != Freezer.Kind.PLATE or (freezer.line != mix.line and not joint):
        text = Message("Плиточник № {number} не этой линии")
        raise Refused(Refusal(text, {"number": str(freezer.number)}, again="freezer"))


def _full(freezer: Freezer) -> Refusal:
    """Say that a freezer is full, and what took its last place."""
    loads = FreezerLoad.objects.filter(state__in=HOLDS_A_SLOT, freezer=freezer)
    last = loads.select_related("mix", "pallet").latest("created_at", "pk")
    text = Message("В шокере № {number} мест больше нет, последним встал {what}")
    if freezer.kind == Freezer.Kind.PLATE:
        text = Message("№ {number} уже занят: {what}")
    what = Message("паллет {number}", {"number": str(last.pallet)})
    if last.mix is not None:
        what = Message("замес {number}", {"number": str(last.mix)})
    return Refusal(text, {"number": str(freezer.number), "what": what}, again="freezer")
