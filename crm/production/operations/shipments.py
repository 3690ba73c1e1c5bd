"""The rows of a shipment: drafted, confirmed, let go, cancelled (domain 5.8).

The states of its pallets are moved by their own transitions: `crm.bridge.shipping` does both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from crm.catalogue.models import Customer
from crm.ledger.models import Reservation
from crm.ledger.operations.move_state import move_state
from crm.ledger.operations.number import next_number
from crm.ledger.operations.reserve import reserve, unreserve
from crm.ledger.operations.take_out import checked_reason
from crm.people.hands import refuse_same_hands
from crm.people.models import Person
from crm.prepared import Prepared
from crm.production.models import Pallet, Shipment, ShipmentPallet
from crm.production.stocked import stocked
from crm.quality.limits import least_in_force
from crm.titles import state_said
from crm.together import answered
from engine.errors import Refusal, Refused
from engine.languages.message import Message

DRAFT_LIVES = timedelta(hours=4)
CLOSED_AFTER = timedelta(days=30)  # of being shipped (domain 5.8)
PEOPLE, TWO = "shipment_people", Decimal(2)  # of limits.yaml; where the plant has no row of it yet
HOLDER = Reservation.Holder.SHIPMENT_PALLET
State = Shipment.State


@transaction.atomic
def draft_shipment(
    by: Person, *, session: UUID, at: datetime, customer: Customer, planned_at: datetime | None
) -> Shipment:
    """Make an empty draft О-ГГГГ-N that holds its pallets for four hours; once a session."""
    done = Shipment.objects.filter(session=session).first()
    if done:
        return done
    year = timezone.localtime(at).year
    try:
        with transaction.atomic():
            return Shipment.objects.create(
                number=f"О-{year}-{next_number('shipment', str(year))}",
                customer=customer,
                planned_at=planned_at,
                expires_at=at + DRAFT_LIVES,
                session=session,
                created_at=at,
                created_by=by,
            )
    except IntegrityError:  # sent twice at the same moment: the first was faster
        done = Shipment.objects.filter(session=session).first()
        if done is None:
            raise
        return done


@transaction.atomic
def put_into_shipment(*, shipment: Shipment, pallet: Pallet, at: datetime) -> ShipmentPallet:
    """Reserve everything of a pallet for a draft. Raises Refused when another shipment has it."""
    _open(shipment, State.DRAFT)
    try:
        with transaction.atomic():
            line = ShipmentPallet.objects.create(shipment=shipment, pallet=pallet)
    except IntegrityError:
        other = line_of(pallet)
        text = Message("Паллет {number} уже в отгрузке {shipment}")
        values = {"number": str(pallet), "shipment": str(other.shipment if other else "")}
        raise Refused(Refusal(text, values)) from None
    keep_for(line, at)
    return line


def line_of(pallet: Pallet) -> ShipmentPallet | None:
    """Return the line of the live shipment that a pallet is in."""
    return ShipmentPallet.objects.filter(pallet=pallet, removed_at=None).first()


def keep_for(line: ShipmentPallet, at: datetime) -> None:
    """Reserve everything of a pallet for its shipment."""
    for lot, account, kg in stocked(line.pallet):
        reserve(lot=lot, account=account, kg=kg, holder=HOLDER, holder_id=line.pk, at=at)


def let_off(line: ShipmentPallet) -> None:
    """Reserve nothing for a line of a shipment any more."""
    unreserve(holder=HOLDER, holder_id=line.pk)


@transaction.atomic
def take_out_of_shipment(*, shipment: Shipment, pallet: Pallet, at: datetime) -> None:
    """Give a pallet of a shipment back to the store."""
    line = ShipmentPallet.objects.filter(shipment=shipment, pallet=pallet, removed_at=None).first()
    if line is None:
        return
    let_off(line)
    line.removed_at = at
    line.save(update_fields=["removed_at"])


@transaction.atomic
def confirm_shipment(by: Person, *, shipment: Shipment, at: datetime) -> None:
    """Confirm a draft that has pallets and still holds them. Raises Refused otherwise."""
    if shipment.state == State.DRAFT and shipment.expires_at <= at:
        text = Message("Черновик отгрузки {number} держал паллеты до {until}. Составьте новый")
        until = f"{timezone.localtime(shipment.expires_at):%H:%M}"
        raise Refused(Refusal(text, {"number": str(shipment), "until": until}))
    if not live_pallets(shipment):
        raise Refused(Refusal("В отгрузке нет паллетов. Добавьте хотя бы один"))
    move_state(
        shipment, "confirm", sources=[State.DRAFT], to=State.CONFIRMED, by=by, at=at,
        values={"confirmed_by": by, "confirmed_at": at},
    )  # fmt: skip


def needs_two() -> bool:
    """Tell whether another person than who confirmed a shipment lets it go: a limit with versions,
    changed in the office (domain 4.46)."""
    return asks_two(least_in_force(PEOPLE, TWO))


def asks_two(least: Decimal | None) -> bool:
    """Tell whether the bound of that limit, none where there is no row of it, asks for two."""
    return (TWO if least is None else least) > 1


@transaction.atomic
def let_go(by: Person, *, shipment: Shipment, at: datetime) -> None:
    """Let a confirmed shipment go, and keep by which rule. Raises Refused for the person who
    confirmed it where two are needed, by whichever of his accounts, and when all its pallets were
    taken out meanwhile."""
    if not live_pallets(shipment):
        raise Refused(Refusal("В отгрузке не осталось паллетов. Отмените её"))
    by_two = needs_two()
    if by_two and shipment.confirmed_by_id == by.pk:
        text = Message("Отгружает не тот, кто подтвердил. Нужен второй человек")
        raise Refused(Refusal(text))
    if by_two:
        refuse_same_hands(shipment.confirmed_by, by, at)
    move_state(
        shipment, "ship", sources=[State.CONFIRMED], to=State.SHIPPED, by=by, at=at,
        values={"reviewed_by": by, "shipped_at": at, "by_two": by_two},
    )  # fmt: skip


@transaction.atomic
def cancel_shipment(by: Person | None, *, shipment: Shipment, reason: str, at: datetime) -> None:
    """Cancel a draft or a confirmed shipment that has no pallets any more. Raises Refused without a
    reason of 5 to 500 characters."""
    reason = checked_reason(reason)
    move_state(
        shipment, "cancel", sources=[State.DRAFT, State.CONFIRMED], to=State.CANCELLED, by=by,
        at=at, reason=reason, values={"reason": reason},
    )  # fmt: skip


@transaction.atomic
def close_shipment(by: Person | None, *, shipment: Shipment, at: datetime) -> None:
    """Close what was shipped: its documents are signed, says somebody, or it was long ago. Only its
    pallets can still come back."""
    move_state(shipment, "close", sources=[State.SHIPPED], to=State.CLOSED, by=by, at=at)


def over(at: datetime) -> QuerySet[Shipment]:
    """Return the drafts that hold their pallets no longer, and what was shipped long ago."""
    drafts = Q(state=State.DRAFT, expires_at__lte=at)
    return Shipment.objects.filter(
        drafts | Q(state=State.SHIPPED, shipped_at__lte=at - CLOSED_AFTER)
    )


def next_over() -> datetime | None:
    """Return when the next draft or shipment is `over`."""
    found = [
        ends if state == State.DRAFT else shipped + CLOSED_AFTER
        for state, ends, shipped in answered(NOT_OVER)
        if (ends if state == State.DRAFT else shipped) is not None
    ]
    return min(found, default=None)


NOT_OVER = Prepared(
    lambda: (
        Shipment.objects.filter(state__in=[State.DRAFT, State.SHIPPED])
        .values("state")
        .annotate(ends=Min("expires_at"), shipped=Min("shipped_at"))
        .order_by()
        .values_list("state", "ends", "shipped")
    )
)


def live_pallets(shipment: Shipment) -> Sequence[Pallet]:
    """Return the pallets that are in a shipment, in one order."""
    rows = Pallet.objects.filter(shipment_lines__shipment=shipment, shipment_lines__removed_at=None)
    return list(rows.order_by("pk"))


def _open(shipment: Shipment, *states: str) -> None:
    if shipment.state not in states:
        text = Message("Отгрузка {number}: {state}")
        state = state_said(shipment)
        raise Refused(Refusal(text, {"number": str(shipment), "state": state}))
