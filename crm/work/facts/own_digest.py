"""What one man leaves to the next (domain 4.44)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.people.models import Person
from crm.work.digest import of_person


def own_digest(person: Person) -> str:
    """Say what he has in hand and what waits for his roles."""
    return of_person(person, timezone.now())


FACT = Fact(params=("person",), result="text", answer=own_digest)
