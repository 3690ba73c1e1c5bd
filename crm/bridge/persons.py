"""Rows of people by their ids, each read once in a transaction."""

from __future__ import annotations

from crm.asked_once import lasting
from crm.people.models import Person
from crm.prepared import NUMBER, Prepared

BY_KEY = Prepared(lambda pk: Person.objects.filter(pk=pk).order_by(), NUMBER)


def person_row(identity: str) -> Person:
    """Return the row of a person who is there."""
    found: Person = lasting((Person, identity), lambda: BY_KEY.rows(int(identity))[0])
    return found
