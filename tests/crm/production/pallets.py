"""Pallets made by the plant's own operations, without talking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from crm.bridge.program import program
from crm.bridge.shipping import Shipping
from crm.catalogue.models import Customer
from crm.people.models import Person
from crm.production.models import Mix, Pallet, RawBatch, Shipment
from crm.production.operations.accept_from_remainder import accept_from_remainder
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.convert_pallet import convert_pallet
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.operations.weigh_pallet import weigh_pallet
from crm.production.operations.write_off_mix import write_off_mix
from engine.model.files import FileRef
from tests.crm.production.orders import fire, line, planned, rework
from tests.crm.production.stock import batch_in_stock

kg = Decimal


def who(role: str = "storekeeper") -> Person:
    person = Person.objects.holding(role).first()
    assert person is not None
    return person


def now() -> datetime:
    return timezone.localtime()


def mix_out(kilograms: str = "1000") -> Mix:
    """Return a mix that passed its analysis and left the mixer."""
    batch = batch_in_stock("carcass", kg(kilograms), condition="chilled")
    return out(planned([line(kilograms, batch)], 1).mixes.get())


def pet_food_out(number: int = 1) -> Mix:
    """Return a mix of вторфарш alone that left the mixer of line 2."""
    rework("1000", number)
    return out(planned([line("1000")], 1, recipe=17, line_mode="line_2").mixes.get())


def out(mix: Mix) -> Mix:
    write_off_mix(None, at=now(), mix=mix)
    Mix.objects.filter(pk=mix.pk).update(state="on_pallets", quality="passed")
    return Mix.objects.get(pk=mix.pk)


def photo() -> FileRef:
    return FileRef(f"palletizing/{uuid4()}", "a" * 64, 10, "image/jpeg", "p.jpg")


def weigh(pallet: Pallet, gross: str = "962.5") -> None:
    weigh_pallet(
        who(), session=uuid4(), at=now(), pallet=pallet, block_count=40, gross=kg(gross),
        pallet_weight=kg("22"), packaging_weight=kg("18.5"), photos=[photo()],
    )  # fmt: skip


def stocked(number: int = 7, gross: str = "962.5", mix: Mix | None = None) -> Pallet:
    """Return a pallet of a mix that is on stock."""
    pallet = pallet_of_mix(who(), mix or mix_out(), number, now())
    weigh(pallet, gross)
    accept_pallet(who(), at=now(), pallet=pallet)
    Pallet.objects.filter(pk=pallet.pk).update(state="in_stock")
    return Pallet.objects.get(pk=pallet.pk)


def by_hand(operation: Callable[..., Pallet], kind: str, number: int = 77) -> Pallet:
    """Make a pallet of 300 kg of what nobody had given a number."""
    return operation(
        who(), session=uuid4(), at=now(), kind=kind, produced_on=now().date(),
        pallet_number=number, block_count=40, gross=kg("340.5"), pallet_weight=kg("22"),
        packaging_weight=kg("18.5"), photos=[photo()], net=kg("300"),
    )  # fmt: skip


def rework_of_batch() -> tuple[Pallet, RawBatch]:
    """Return a pallet on stock with 300 kg of вторфарш, and the batch that it was made of."""
    first = stocked(1)
    batch = first.items.get().lot.mix.uses.get().lot.raw_batch
    convert_pallet(who("technologist"), at=now(), pallet=first, reason="порвана упаковка")
    Pallet.objects.filter(pk=first.pk).update(state="converted")
    pallet = by_hand(accept_from_remainder, "rework", 2)
    fire(pallet, "accept", who="storekeeper")
    return Pallet.objects.get(pk=pallet.pk), batch


def shipped(*pallets: Pallet, customer: Customer | None = None) -> Shipment:
    """Ship pallets as two people."""
    shipping, customer = Shipping(program()), customer or Customer.objects.earliest("id")
    made = shipping.draft(who("shipping_clerk"), customer=customer, pallets=pallets, at=now())
    shipping.confirm(who("shipping_clerk"), shipment=made, at=now())
    other = Shipping(program(), ["shipping_clerk"])
    other.ship(who("production_office"), shipment=made, at=now())
    return Shipment.objects.get(pk=made.pk)
