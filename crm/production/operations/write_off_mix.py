"""Write off what a mix is made of when it leaves the mixer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import models, transaction

from crm.ledger.models import Account, Edge, Event, Lot, Reservation
from crm.ledger.operations.bear import bear
from crm.ledger.operations.lock import lock_balances
from crm.ledger.operations.post import EdgeLine, Line, post
from crm.ledger.stock import account_of
from crm.operation import Operation
from crm.people.models import Person
from crm.production.leftover import carried_over
from crm.production.models import MincedOrder, Mix, MixUse, SecondMinced
from crm.production.shares import Share, items_of, share_of
from engine.errors import EngineError, Refusal, Refused
from engine.languages.message import Message

KIND, SOURCE = "discharge", "mix"


@transaction.atomic
def write_off_mix(by: Person | None, *, at: datetime, mix: Mix) -> None:
    """Post the share of a mix from the stores to the process, whatever its route and its
    components; the mix comes to be, with its genealogy and its generation of вторфарш, and uses up
    what its order reserved (domain 7.2, 7.4). Done twice it changes nothing.

    Raises Refused when the order has nothing left for it."""
    order = mix.order
    if order is None:
        raise EngineError(f"mix {mix}: without an order there is nothing to write off")
    if discharge_of(mix) is not None:
        return
    bear(mix.lot)
    taken = _taken(order, mix)
    event = post(
        KIND,
        [line for item, kg in taken for line in _lines(order, mix, item.lot, kg)],
        by=by,
        session=None,
        source=SOURCE,
        key=f"{KIND}:{mix.pk}:{_events(mix).count()}",
        occurred_at=at,
        edges=[
            *(EdgeLine(item.lot, mix.lot, kg, _kind(item.lot)) for item, kg in taken),
            *carried_over(mix, at),
        ],
        consume=[(Reservation.Holder.ORDER_ITEM, item.pk, kg) for item, kg in taken],
    )
    MixUse.objects.bulk_create(
        MixUse(mix=mix, lot=item.lot, kg=kg, event=event) for item, kg in taken
    )
    mix.produced_at = at
    mix.rework_gen = max((_generation(item.lot) for item, _ in taken), default=0)
    mix.save(update_fields=["produced_at", "rework_gen"])


def discharge_of(mix: Mix) -> Event | None:
    """Return the event by which a mix left the mixer and that is not reversed."""
    return _events(mix).filter(reversed_by__isnull=True).first()


def _events(mix: Mix) -> models.QuerySet[Event]:
    return Event.objects.filter(source=SOURCE, key__startswith=f"{KIND}:{mix.pk}:")


def _taken(order: MincedOrder, mix: Mix) -> list[Share]:
    """Return what the mix takes. Mixes of one order that leave at once take one after the other:
    what remains is read under the locks of all that the order is made of."""
    lock_balances((item.lot_id, account_of(item.lot).value) for item in items_of(order))
    taken = share_of(mix)
    if not taken:
        text = Message(
            "Замесу {number} нечего списывать: состав партии {order} израсходован. Отмените его"
        )
        raise Refused(Refusal(text, {"number": str(mix), "order": str(order)}))
    return taken


def _lines(order: MincedOrder, mix: Mix, lot: Lot, kg: Decimal) -> list[Line]:
    return [Line(lot, account_of(lot), -kg), Line(lot, Account.PROCESS, kg, order, mix)]


def _kind(lot: Lot) -> str:
    return Edge.Kind.REWORK.value if _generation(lot) else Edge.Kind.MADE.value


def _generation(lot: Lot) -> int:
    """Return the generation that a component gives to the mix: its own and one more for вторфарш,
    none for anything else (domain 14.4)."""
    if lot.kind != Lot.Kind.SECOND_MINCED:
        return 0
    second = lot.second_minced
    return second.rework_gen + 1 if second.kind == SecondMinced.Kind.REWORK else 0


OPERATION = Operation({"mix": "mix"}, write_off_mix)
