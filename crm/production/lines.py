"""Which line a mix may enter, and whose turn it is (domain 6.2 to 6.4). Whether a station is free
depends on its rows of places alone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from crm.asked_once import asked_once
from crm.prepared import Prepared
from crm.production.component_waits import not_usable
from crm.production.models import Failure, MincedOrder, Mix, Place, Stop
from crm.production.models.choices import ProductLine
from crm.together import answered

PET_FOOD_LINE = 2  # where pet-food walks alone
STATIONS = ("unpack", "buffer", "press", "mixer")
LINES = {"line_1": (1,), "line_2": (2,), "both": (1, 2)}
PLACES = Prepared(lambda: Place.objects.order_by("since", "pk"))
STOPS = Prepared(Stop.objects.standing)
QUEUE = ("priority", "start_not_before", "created_at", "pk")


def lines_of(order: MincedOrder) -> tuple[int, ...]:
    """Return the lines that may take the mixes of an order; of two free ones line 1 is first."""
    return LINES[order.line_mode]


def is_open(mix: Mix, line: int) -> bool:
    """Tell whether a line takes a mix of its product now: on line 2 a pet-food mix is alone, from
    unpacking until its pallet has a number (domain 6.2)."""
    if line != PET_FOOD_LINE or mix.order is None:
        return True
    others = others_on(line)
    if mix.order.product_line == ProductLine.MKO:
        return not others
    return not others or not _is_pet_food_on(line)


def places() -> list[Place]:
    """Return the places that are held, in the order of taking: few, and asked about each."""
    return answered(PLACES)


def stops() -> list[Stop]:
    """Return what stands still, the latest stop first."""
    return answered(STOPS)


def others_on(line: int) -> frozenset[int]:
    """Return the ids of the mixes that hold a station of a line."""
    resources = {f"{station}_line_{line}" for station in STATIONS}
    return frozenset(
        int(one.record_id)
        for one in places()
        if one.resource in resources and one.record == Mix.RECORD
    )


@asked_once
def _is_pet_food_on(line: int) -> bool:
    pet_food = Q(order__product_line=ProductLine.MKO)
    return Mix.objects.filter(pet_food, pk__in=others_on(line)).exists()


def unpacking_of(order: MincedOrder) -> list[str]:
    """Return the unpacking stations of the lines of an order."""
    return [f"unpack_line_{line}" for line in lines_of(order)]


def free_lines(order: MincedOrder) -> list[int]:
    """Return the lines of an order whose unpacking station is free and does not stand still."""
    taken = {one.resource for one in places()} | {one.resource for one in stops()}
    return [line for line in lines_of(order) if f"unpack_line_{line}" not in taken]


def before(mix: Mix, line: int) -> MincedOrder | None:
    """Return the order whose mixes enter a line first: the next order waits until every mix of the
    one before has left the queue. An order that cannot start stops nobody, nor does a mix that
    breaks; a mix that is issued again goes to the head (domain 6.3)."""
    if mix.remake or mix.order is None:
        return None
    return next(
        (other for other in _ahead(mix.order, line) if not_usable(other) is None),
        None,
    )


def _ahead(order: MincedOrder, line: int) -> Iterator[MincedOrder]:
    """Give the active orders of a line with queued mixes that stand before an order."""
    rank = _rank(order)
    for other in _queued_on(line):
        if other.pk == order.pk:
            continue
        if _rank(other) >= rank:
            return
        yield other


@asked_once
def _queued_on(line: int) -> tuple[MincedOrder, ...]:
    """Return the active orders of a line with queued mixes, in the order of the queue."""
    return tuple(order for order in _queued() if line in lines_of(order))


@asked_once
def _queued() -> tuple[MincedOrder, ...]:
    """Return those of all lines: the dispatcher asks about each."""
    return tuple(QUEUED.rows())


def _all_queued() -> QuerySet[MincedOrder]:
    broken = Failure.objects.filter(record=Mix.RECORD, record_id=Cast(OuterRef("pk"), CharField()))
    queued = Mix.objects.filter(~Exists(broken), order=OuterRef("pk"), state=Mix.State.QUEUED)
    rows = MincedOrder.objects.filter(
        Exists(queued), state=MincedOrder.State.ACTIVE, line_mode__in=LINES
    )
    return rows.select_related("recipe").order_by(*QUEUE)


QUEUED = Prepared(_all_queued)


def _rank(order: MincedOrder) -> tuple[object, ...]:
    return tuple(getattr(order, name) for name in QUEUE)
