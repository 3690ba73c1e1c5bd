"""Where the numbers of a day begin (domain 8.2), and which of pallets are free (8.4): a number is
unique in its production day, and among the pallets in work of any day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NoReturn

from django.db.models import Q

from crm.production.day import production_day
from crm.production.models import Pallet
from crm.production.models.pallet import IN_WORK
from crm.quality.limits import least_in_force
from crm.titles import state_said
from engine.errors import Refusal, Refused
from engine.languages.message import Message

FIRST_NUMBER = "first_number"  # a limit of flows/limits.yaml
FIRST = Decimal(3)  # where the plant is not seeded with it yet, as after an upgrade (domain 8.2)


def taken(at: datetime, number: int | None = None) -> Iterator[Pallet]:
    """Give the pallets that keep a number from being given now, or all such pallets."""
    wanted = Q(state__in=IN_WORK) | Q(production_day=production_day(at))
    rows = Pallet.objects.filter(wanted).exclude(state=Pallet.State.CANCELLED)
    if number is not None:
        rows = rows.filter(number=number)
    yield from rows.order_by("number", "pk")


def refuse_taken(number: int, at: datetime) -> None:
    """Refuse a number that is not free, with what has it."""
    for pallet in taken(at, number):
        refuse_number(pallet)


def refuse_number(holder: Pallet) -> None:
    """Refuse the number that a pallet has, with what it is."""
    text = Message("Номер {number} занят: {holder}")
    values = {"number": str(holder), "holder": holder_text(holder)}
    raise Refused(Refusal(text, values, again="pallet_number"))


def refuse_lost(number: int) -> NoReturn:
    """Refuse a number that somebody else got between the look and the write."""
    text = Message("Номер {number} только что занял другой. Введите другой номер")
    raise Refused(Refusal(text, {"number": str(number)}, again="pallet_number")) from None


def holder_text(pallet: Pallet) -> Message:
    """Say what stands under a number: «замес Ф…/3, В шокере»."""
    said = Message("{what}, {state}")
    return said.with_values({"what": content_text(pallet), "state": state_said(pallet)})


def content_text(pallet: Pallet) -> Message:
    """Say what is on a pallet: its recipe and mixes, or its second-minced lots."""
    lots = [item.lot for item in pallet.items.select_related("lot").order_by("pk")]
    mixes = [lot.mix for lot in lots if lot.kind == "mix"]
    if not mixes:
        return Message("{lots}").with_values({"lots": ", ".join(str(lot.record) for lot in lots)})
    numbers = ", ".join(str(mix) for mix in mixes)
    if pallet.recipe is None:
        return Message("замес {mixes}").with_values({"mixes": numbers})
    return Message("{recipe}, замес {mixes}").with_values(
        {"recipe": pallet.recipe.name, "mixes": numbers}
    )


def first_number() -> int:
    """Return the first number of a day of a batch, a blank and an order (domain 8.2)."""
    return int(least_in_force(FIRST_NUMBER, FIRST))
