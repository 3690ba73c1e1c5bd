"""People by their ids and by their roles, read once in a transaction; who talks comes with his
chat."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS

from crm.asked_once import lasting
from crm.people.hands import same_hands
from crm.people.models import Person, PersonRole
from crm.prepared import NUMBER, Prepared
from engine.errors import Refusal

BY_KEY = Prepared(lambda pk: Person.objects.filter(pk=pk).order_by(), NUMBER)
HELD = Prepared(
    lambda: (
        PersonRole.objects.filter(person__active=True)
        .order_by("person__full_name", "person_id")
        .values_list(
            "role",
            "person_id",
            "person__telegram_id",
            "person__quiet_from",
            "person__quiet_to",
        )
    )
)
# What is told of who talks, in the order of the columns; the rest is read when it is asked for.
TOLD = tuple(
    column
    for column in Person._meta.concrete_fields
    if column.name not in ("name_key", "last_seen", "created_at", "created_by")
)
WHO_TALKS = "who talks"  # what was told of him, as all that is remembered has a name


class Addressee(NamedTuple):
    """What the outbox needs of a person."""

    pk: int
    telegram_id: int | None
    quiet_from: time | None
    quiet_to: time | None


def holding(roles: Collection[str]) -> list[Addressee]:
    """Return the active people who hold any of these roles, each once, by name. One commit tells
    several roles: who holds which is read once."""
    held = lasting(HELD, HELD.rows)
    return list(dict.fromkeys(Addressee(*who) for role, *who in held if role in roles))


def person_row(identity: str) -> Person:
    """Return the row of a person who is there."""

    def row() -> Person:
        told: Sequence[Any] = lasting((WHO_TALKS, identity), tuple)
        return _of(told) if told else BY_KEY.rows(int(identity))[0]

    return lasting((Person, identity), row)


def alike(one: str, other: str, now: datetime) -> Refusal | None:
    """Return why two people who must be two may be one; nobody is like the system."""
    return same_hands(person_row(one), person_row(other), now) if one and other else None


def person_told(values: Sequence[Any]) -> None:
    """Let a person be known by what was told of him, a value for each of `TOLD` as JSON has it: his
    row is made where somebody asks for it."""
    lasting((WHO_TALKS, str(values[0])), lambda: tuple(values))


def _of(told: Sequence[Any]) -> Person:
    values = [column.to_python(one) for column, one in zip(TOLD, told, strict=True)]
    return Person.from_db(DEFAULT_DB_ALIAS, [column.attname for column in TOLD], values)
