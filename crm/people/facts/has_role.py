"""Whether a person holds a role now: which buttons he has by right."""

from __future__ import annotations

from crm.fact import Fact
from crm.people.models import Person


def has_role(person: Person, role: str) -> bool:
    """Tell whether he holds the role of this code, and still works here."""
    return person.active and role in person.role_codes


FACT = Fact(params=("person", "role"), result="bool", answer=has_role)
