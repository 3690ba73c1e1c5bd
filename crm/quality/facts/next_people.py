"""Whom a lot waits for (domain 9.2: the owner of the next step is told of a hold)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.people.models import Person
from crm.people.roles import OfficeRole
from crm.production.models import Pallet
from crm.work.models import Task

IN_STORE = (Pallet.State.IN_STOCK, Pallet.State.RESERVED)


def next_people(lot: Lot, told_already: str) -> Iterator[Line]:
    """Give the people who may do the open tasks of a lot's record, and who ships it if it is in
    the store, each once, without the holders of some roles (their codes, with spaces between
    them): those are told anyway."""
    tasks = list(Task.objects.waiting().filter(subject=lot.kind, subject_id=str(lot.record.pk)))
    roles = {role for task in tasks for role in task.roles}
    named = {int(person) for task in tasks for person in task.people}
    if Pallet.objects.filter(Q(lot=lot) | Q(items__lot=lot), state__in=IN_STORE).exists():
        roles.add(OfficeRole.SHIPPING_CLERK.value)
    holders = {person.pk for person in Person.objects.holding(*roles)}
    told = {person.pk for person in Person.objects.holding(*told_already.split())}
    for person in Person.objects.active().filter(pk__in=(holders | named) - told).order_by("pk"):
        yield Line(str(person.pk), person.full_name, {"person": person})


FACT = Fact(
    params=("lot", "text"),
    result="list of next_person",
    answer=next_people,
    records={"next_person": {"person": "person"}},
)
