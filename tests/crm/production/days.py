"""What a production day is made of in tests of its report: mixes that leave the mixer and pallets
that are accepted at given moments, and how the day closes."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from crm.production.facts.daily_balance import daily_balance
from crm.production.models import Mix, Pallet
from crm.production.operations.accept_pallet import accept_pallet
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.operations.write_off_mix import write_off_mix
from tests.crm.production.pallets import weigh, who

kg = Decimal


def begins() -> datetime:
    return timezone.localtime().replace(hour=7, minute=0, second=0, microsecond=0)


def day(after: int = 0) -> tuple[datetime, datetime]:
    first = begins() + timedelta(days=after)
    return first, first + timedelta(days=1)


def pallet(mix: Mix, number: int, net: str, at: datetime) -> Pallet:
    """Accept a pallet of a mix with a net."""
    made = pallet_of_mix(who(), mix, number, timezone.localtime())
    weigh(made, str(kg(net) + kg("40.5")))
    accept_pallet(who(), at=at, pallet=Pallet.objects.get(pk=made.pk))
    Pallet.objects.filter(pk=made.pk).update(state="in_stock")
    return made


def out(mix: Mix, at: datetime) -> Mix:
    write_off_mix(None, at=at, mix=mix)
    Mix.objects.filter(pk=mix.pk).update(state="on_pallets", quality="passed")
    return Mix.objects.get(pk=mix.pk)


def balance(after: int = 0) -> dict[str, tuple[Decimal, Decimal | None]]:
    return {one["name"]: (one["kg"], one["share"]) for one in daily_balance(day(after))}
