"""The record of a person."""

from __future__ import annotations

from collections.abc import Mapping

from crm.people.models import Person
from crm.record import Record

RECORDS: Mapping[str, Record] = {"person": Record(Person, {"full_name": "text"})}
