"""Who alone holds a role (domain 10.4: the head signs an act)."""

from __future__ import annotations

from crm.fact import Fact
from crm.people.models import Person


def only_holder(role: str) -> Person | None:
    """Return the one active person who holds a role; None when there are none or several, since
    nobody can tell then whose signature it is."""
    found = list(Person.objects.holding(role)[:2])
    return found[0] if len(found) == 1 else None


FACT = Fact(params=("role",), result="person?", answer=only_holder)
