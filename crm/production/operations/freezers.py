"""Add a freezer, take one out of use, put one to use again (domain 11.2). None is ever deleted:
loads of years name it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from crm.audit.operations.overwrite import Why, overwrite
from crm.catalogue.models import Freezer
from crm.ledger.operations.take_out import checked_reason
from crm.people.models import Person
from crm.production.capacity import most_places
from crm.production.models import FreezerLoad
from crm.production.models.freezing import HOLDS_A_SLOT
from engine.errors import Refusal, Refused
from engine.languages.message import Message

MOST_NUMBER, MOST_MINUTES = 999, 10_080  # as many as fit on a door; a week


def add_freezer(
    by: Person | None,
    *,
    kind: Freezer.Kind,
    number: int,
    line: int | None,
    capacity: int,
    min_minutes: int,
    reason: str,
) -> Freezer:
    """Make a freezer that may be loaded from now on; a plate freezer takes one mix and stands on a
    line, a shocker takes pallets of both.

    Raises Refused for a number that its kind has already, for a plate freezer without a line, and
    for more places than the forms know."""
    del by
    checked_reason(reason)
    plate = kind == Freezer.Kind.PLATE
    if plate and line not in (1, 2):
        raise Refused(Refusal("Плиточник стоит на линии 1 или 2: выберите её"))
    if not 1 <= number <= MOST_NUMBER or not 1 <= min_minutes <= MOST_MINUTES:
        values = {"number": str(MOST_NUMBER), "minutes": str(MOST_MINUTES)}
        raise Refused(
            Refusal("Номер от 1 до {number}, минут от 1 до {minutes}", values, again="number")
        )
    freezer = Freezer(
        kind=kind,
        number=number,
        line=line if plate else None,
        capacity=1 if plate else capacity,
        min_minutes=min_minutes,
    )
    most = most_places(freezer.resource)
    if not 1 <= freezer.capacity <= most:
        raise Refused(Refusal("Мест от 1 до {most}", {"most": str(most)}))
    try:
        with transaction.atomic():
            freezer.save(force_insert=True)
    except IntegrityError:
        raise Refused(_there(kind, number)) from None
    return freezer


@transaction.atomic
def deactivate_freezer(by: Person | None, *, freezer: Freezer, reason: str, at: datetime) -> None:
    """Offer a freezer for nothing more; what it held stays written, and who said so and why. Who
    loads it at the same moment waits for its lock.

    Raises Refused while something stands in it, naming what, and when it is out of use already."""
    why = Why(by, at, checked_reason(reason))
    locked = _locked(freezer, active=True)
    inside = FreezerLoad.objects.filter(freezer=locked, state__in=HOLDS_A_SLOT)
    load = inside.select_related("mix", "pallet").order_by("slot").first()
    if load is not None:
        text = Message("{freezer} не пустой, в нём {what}. Сначала выгрузите или переставьте")
        values = {"freezer": locked.said, "what": str(load.mix or load.pallet)}
        raise Refused(Refusal(text, values))
    overwrite(locked, {"active": False}, why)


@transaction.atomic
def activate_freezer(by: Person | None, *, freezer: Freezer, reason: str, at: datetime) -> None:
    """Offer a freezer again. Raises Refused when it is in use already."""
    why = Why(by, at, checked_reason(reason))
    overwrite(_locked(freezer, active=False), {"active": True}, why)


def _locked(freezer: Freezer, *, active: bool) -> Freezer:
    locked = Freezer.objects.select_for_update().get(pk=freezer.pk)
    if locked.active is not active:
        works = Message("{freezer} уже действует")
        text = Message("{freezer} не действует") if active else works
        raise Refused(Refusal(text, {"freezer": locked.said}))
    return locked


def _there(kind: Freezer.Kind, number: int) -> Refusal:
    there = Freezer.objects.get(kind=kind, number=number)
    again = Message("{freezer} есть, но не действует: включите его на его карточке")
    text = Message("{freezer} уже есть") if there.active else again
    return Refusal(text, {"freezer": there.said})
