"""To whom a man may hand his work over (domain 4.44)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.people.models import Person


def colleagues(person: Person) -> Iterator[Person]:
    """Give the others who hold one of his roles, by name."""
    yield from Person.objects.holding(*person.role_codes).exclude(pk=person.pk)


FACT = Fact(params=("person",), result="list of person", answer=colleagues)
