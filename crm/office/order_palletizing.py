"""Palletizing of a whole order from the office (domain 11.4): taken back, or finished without
weighing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.office.card import cell
from crm.office.correction import Asks, Correction, Given, Kilograms, locked
from crm.people.roles import OfficeRole
from crm.production.models import MincedOrder, Pallet
from engine.errors import Refusal, Refused
from engine.languages.message import Message

State = Pallet.State
WAITING = (State.UNLOADED, State.PALLETIZING)


def _pallets(order: MincedOrder, *states: str) -> QuerySet[Pallet]:
    """Return the pallets in some states that carry mixes of an order, in the order of its day."""
    mine = Pallet.objects.filter(items__lot__mix__order=order, state__in=states).distinct()
    return mine.order_by("production_day", "number", "pk")


def _reset(order: MincedOrder, given: Given) -> None:
    """Take back what was accepted. Raises Refused when a shipment keeps some of it."""
    locked(order)
    kept = _pallets(order, State.RESERVED).first()
    if kept is not None:
        text = Message("Паллет {number} в отгрузке. Сначала уберите его из отгрузки")
        raise Refused(Refusal(text, {"number": str(kept)}))
    for pallet in _pallets(order, State.IN_STOCK):
        lives = DjangoOperations(program())
        lives.fire(row_of(pallet), "reopen", given.context, given.reason)


def _asks(order: MincedOrder) -> Asks:
    return {
        _field(pallet): Kilograms(
            label=gettext("Паллет {number} от {day}, нетто, кг").format(
                number=pallet, day=cell(pallet.production_day).text
            ),
            initial=pallet.net_expected or pallet.net,
        )
        for pallet in _pallets(order, *WAITING)
    }


def _finish(order: MincedOrder, given: Given) -> None:
    """Accept every pallet that waits with the kilograms typed for it. Raises Refused for a nought,
    and when another one has come to wait meanwhile."""
    locked(order)
    for pallet in _pallets(order, *WAITING):
        net = given.values.get(_field(pallet))
        if net is None:
            raise Refused(Refusal("Паллетов стало больше. Откройте страницу заново"))
        lives = DjangoOperations(program())
        row = row_of(Pallet.objects.get(pk=pallet.pk))
        lives.fire(row, "accept_unweighed", given.context, given.reason, {"kg": net})


def _field(pallet: Pallet) -> str:
    return f"net_{pallet.pk}"


def _any(*states: str) -> Callable[[Any], bool]:
    return lambda order: not _states(order).isdisjoint(states)


def _states(order: Any) -> frozenset[str]:
    """Return the states of the pallets of an order, asked once for its card."""
    if "pallet_states" not in vars(order):
        mine = Pallet.objects.filter(items__lot__mix__order=order).order_by()
        order.pallet_states = frozenset(mine.values_list("state", flat=True).distinct())
    found: frozenset[str] = order.pallet_states
    return found


RESET = Correction(
    "reset_palletizing",
    title=lambda: gettext("Сбросить палетирование"),
    explains=_(
        "Принятые паллеты партии, которые ещё не отгружены, снова ждут палетирования: приёмка "
        "отменится обратными проводками, кладовщик получит задачи взвесить заново."
    ),
    may=lambda: {OfficeRole.PRODUCTION_OFFICE.value},
    stands=_any(State.IN_STOCK, State.RESERVED),
    do=_reset,
)
FINISH = Correction(
    "finish_palletizing",
    title=lambda: gettext("Завершить палетирование"),
    explains=_(
        "Паллеты партии, которые ждут палетирования, встанут на склад с весом, который вы "
        "впишете, с отметкой «без взвешивания». Ноль не принимается."
    ),
    may=lambda: {OfficeRole.PRODUCTION_OFFICE.value},
    stands=_any(*WAITING),
    do=_finish,
    asks=_asks,
)
