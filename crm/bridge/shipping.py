"""Shipping as operations: reserve, confirm, let go (by another person where the plant asks for
one), take back, close, cancel (domain 5.8). Rows of the shipment and transitions of its pallets, in
one transaction each.

Start at `Shipping`; the office's page and tests call it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from crm.bridge.connection import repeatable
from crm.bridge.operations import DjangoOperations
from crm.bridge.outbox import put_notice
from crm.bridge.people import actor_of
from crm.bridge.records import row_of
from crm.catalogue.models import Customer
from crm.catalogue.operations.add import add
from crm.own_words import DRAFT_IS_OLD
from crm.people.models import Person
from crm.people.roles import OfficeRole, named
from crm.production.models import Pallet, Shipment
from crm.production.operations import shipments
from crm.production.shippable import why_not_of
from engine.errors import Refusal, Refused
from engine.languages.message import Message
from engine.model.conversation import Actor
from engine.model.effects import Notice
from engine.model.text import Text
from engine.ports import Context
from engine.run.lives import SYSTEM_ACTOR
from engine.run.program import Program

NOT_IN = Message("Паллета {pallet} нет в отгрузке {shipment}")
NOT_HIS = Message("Подтвердить отгрузку может только: {roles}")
KEPT = Message("Паллет {pallet}: {why}")
NAME = (2, 200)  # characters of a customer's name (domain 4.46)


class Shipping:
    """What a shipping clerk may do. Every call is one transaction; Refused undoes all of it.

    `standing` are roles that the caller's permission in the office stands for."""

    def __init__(self, program: Program, standing: Iterable[str] = ()) -> None:
        self.operations = DjangoOperations(program)
        self.standing = frozenset(standing)

    @repeatable
    @transaction.atomic
    def draft(
        self,
        by: Person,
        *,
        customer: Customer | str,
        pallets: Iterable[Pallet],
        at: datetime,
        session: UUID | None = None,
        planned_at: datetime | None = None,
    ) -> Shipment:
        """Draft a shipment and reserve its pallets for four hours, once a session. A customer given
        by his name is made when there is none. Raises Refused with the reason of the first pallet
        that may not be shipped."""
        key = session or uuid4()
        if isinstance(customer, str):
            customer = _customer(by, customer)
        shipment = shipments.draft_shipment(
            by, session=key, at=at, customer=customer, planned_at=planned_at
        )
        if shipment.lines.exists():  # the form was sent before
            return shipment
        for pallet in sorted(pallets, key=lambda one: one.pk):
            self._fire(by, pallet, "reserve", at)
            shipments.put_into_shipment(shipment=shipment, pallet=pallet, at=at)
        return shipment

    @repeatable
    @transaction.atomic
    def remove(self, by: Person, *, shipment: Shipment, pallet: Pallet, at: datetime) -> None:
        """Take a pallet out of a draft or confirmed shipment. Raises Refused when it is not in
        it."""
        locked = _locked(shipment)
        if locked.state not in (Shipment.State.DRAFT, Shipment.State.CONFIRMED):
            raise Refused(Refusal("Отгрузка {number} уже ушла", {"number": str(locked)}))
        if pallet not in shipments.live_pallets(locked):
            raise Refused(Refusal(NOT_IN, {"pallet": str(pallet), "shipment": str(locked)}))
        shipments.take_out_of_shipment(shipment=locked, pallet=pallet, at=at)
        self._fire(by, pallet, "unreserve", at)

    @repeatable
    @transaction.atomic
    def confirm(self, by: Person, *, shipment: Shipment, at: datetime) -> Shipment:
        """Confirm a draft. Raises Refused for who is no shipping clerk, and with the reason of the
        first pallet that may not be shipped any more."""
        if OfficeRole.SHIPPING_CLERK not in self._acting(by).roles:
            roles = named(OfficeRole.SHIPPING_CLERK.value)
            raise Refused(Refusal(NOT_HIS, {"roles": roles}))
        locked = _locked(shipment)
        _refuse_kept(shipments.live_pallets(locked))
        shipments.confirm_shipment(by, shipment=locked, at=at)
        return locked

    @repeatable
    @transaction.atomic
    def ship(self, by: Person, *, shipment: Shipment, at: datetime) -> Shipment:
        """Let a confirmed shipment go: every pallet is checked again under its lock and posted to
        the customer. Raises Refused for the person who confirmed where two are needed, and for a
        pallet that a hold keeps meanwhile."""
        locked = _locked(shipment)
        shipments.let_go(by, shipment=locked, at=at)
        for pallet in shipments.live_pallets(locked):
            self._fire(by, pallet, "ship", at)
        return locked

    @repeatable
    @transaction.atomic
    def cancel(self, by: Person, *, shipment: Shipment, reason: str, at: datetime) -> Shipment:
        """Cancel a draft or confirmed shipment; its pallets are free."""
        locked = _locked(shipment)
        self._let_go_of(by, locked, shipments.live_pallets(locked), reason, at)
        return locked

    @repeatable
    @transaction.atomic
    def close(self, by: Person, *, shipment: Shipment, at: datetime) -> Shipment:
        """Close a shipment whose documents came back signed; nobody waits for the thirty days."""
        locked = _locked(shipment)
        shipments.close_shipment(by, shipment=locked, at=at)
        return locked

    @repeatable
    @transaction.atomic
    def take_back(self, by: Person, *, pallet: Pallet, reason: str, at: datetime) -> None:
        """Take one shipped pallet back; it is on stock again and held `returned`."""
        self._fire(by, pallet, "take_back", at, reason)

    def sweep(self, now: datetime) -> int:
        """Cancel the drafts that nobody confirmed in time, and close what was shipped long ago;
        return how many. Any number of processes may sweep at once: rows are claimed."""
        done = 0
        for key in shipments.over(now).order_by("pk").values_list("pk", flat=True):
            with transaction.atomic():
                skip = connection.features.has_select_for_update_skip_locked
                claimed = shipments.over(now).select_for_update(of=("self",), skip_locked=skip)
                shipment = claimed.filter(pk=key).first()
                if shipment is not None:
                    self._end(shipment, now)
                    done += 1
        return done

    def _end(self, shipment: Shipment, at: datetime) -> None:
        if shipment.state == Shipment.State.SHIPPED:
            shipments.close_shipment(None, shipment=shipment, at=at)
            return
        pallets = shipments.live_pallets(shipment)
        self._let_go_of(None, shipment, pallets, DRAFT_IS_OLD, at)
        words = {"number": str(shipment), "pallets": ", ".join(map(str, pallets))}
        text = Message("Черновик отгрузки {number} истёк: паллеты свободны ({pallets})", words)
        author = str(shipment.created_by_id)
        put_notice(Notice(f"shipment:{shipment.pk}:expired", Text.of(text), people=(author,)), at)

    def _let_go_of(
        self,
        by: Person | None,
        shipment: Shipment,
        pallets: Iterable[Pallet],
        reason: str,
        at: datetime,
    ) -> None:
        for pallet in pallets:
            shipments.take_out_of_shipment(shipment=shipment, pallet=pallet, at=at)
            self._fire(by, pallet, "unreserve", at)
        shipments.cancel_shipment(by, shipment=shipment, reason=reason, at=at)

    def _fire(
        self, by: Person | None, pallet: Pallet, transition: str, at: datetime, reason: str = ""
    ) -> None:
        fresh = Pallet.objects.select_for_update(of=("self",)).get(pk=pallet.pk)
        actor = SYSTEM_ACTOR if by is None else self._acting(by)
        context = Context(actor=actor, session=str(uuid4()), at=at)
        self.operations.fire(row_of(fresh), transition, context, reason)

    def _acting(self, by: Person) -> Actor:
        actor = actor_of(by)
        return replace(actor, roles=actor.roles | self.standing)


def _customer(by: Person, name: str) -> Customer:
    """Return the customer of a name, a new one when there is none."""
    name = " ".join(name.split())
    least, most = NAME
    if not least <= len(name) <= most:
        text = Message("Заказчик: от {least} до {most} символов")
        raise Refused(Refusal(text, {"least": str(least), "most": str(most)}))
    return add(by, model=Customer, name=name)


def _refuse_kept(pallets: Sequence[Pallet]) -> None:
    """Raises Refused for the first pallet that something keeps here."""
    items = {one: list(one.items.select_related("lot").order_by("pk")) for one in pallets}
    found = why_not_of(items)
    for pallet in pallets:
        if (why := found[pallet.pk]) is not None:
            raise Refused(Refusal(KEPT, {"pallet": str(pallet), "why": why}))


def _locked(shipment: Shipment) -> Shipment:
    return Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
