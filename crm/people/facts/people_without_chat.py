"""To whom a chat may be bound (domain 4.2)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.people.models import Person


def people_without_chat() -> Iterator[Person]:
    """Give those who work here and have no chat yet, by name."""
    yield from Person.objects.active().filter(telegram_id__isnull=True)


FACT = Fact(params=(), result="list of person", answer=people_without_chat)
