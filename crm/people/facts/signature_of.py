"""The signature of a person, as papers print it (domain 10.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.people.models import Person, Signature


def signature_of(person: Person | None) -> str | None:
    """Return the key of the image; None of nobody, and of whom the office has none."""
    if person is None:
        return None
    return Signature.objects.filter(person=person).values_list("key", flat=True).first()


FACT = Fact(params=("person?",), result="text?", answer=signature_of)
