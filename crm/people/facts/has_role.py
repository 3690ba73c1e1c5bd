"""Whether a person holds a role now: which buttons he has by right."""

from __future__ import annotations

from crm.fact import Fact
from crm.people.models import Person
from crm.people.roles import Role


def has_role(person: Person, role: str) -> bool:
    """Tell whether he does, and still works here."""
    return person.active and role in person.role_codes


FACT = Fact(params=("person", f"choice({', '.join(Role.values)})"), result="bool", answer=has_role)
