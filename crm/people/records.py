"""The records of people: a person, and a stranger's request to be let in."""

from __future__ import annotations

from collections.abc import Mapping

from crm.people.models import AccessRequest, Person
from crm.record import Record

RECORDS: Mapping[str, Record] = {
    "person": Record(Person, {"full_name": "text"}),
    "access_request": Record(
        AccessRequest,
        {
            "state": "choice(new, open, bound, declined)",
            "said": "text",
            "telegram_id": "integer",
            "asked_at": "datetime",
            "decided_at": "datetime?",
            "person": "person?",
        },
    ),
}
