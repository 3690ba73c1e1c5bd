"""Who gives a command in the office: a person with the roles of his account beside his own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from crm.bridge.people import actor_of
from crm.bridge.program import program
from crm.office.base import acting
from crm.people import accounts
from crm.people.accounts import roles_of
from crm.people.models import Person
from engine.model.conversation import Actor

KNOWN = "roles_of_the_office"  # where an account that is signed in keeps its roles


def account_roles(user: Any) -> frozenset[str]:
    """Return the roles of an account of the office: asked once a request, as its rights are."""
    program()  # an office that has just started has not read the forms yet
    known: dict[str, frozenset[str]] = user.__dict__
    if KNOWN not in known:
        known[KNOWN] = accounts.account_roles(user)
    return known[KNOWN]


def acting_as(request: HttpRequest) -> Actor:
    """Return who gives a command."""
    return actor_in_office(acting(request))


def actor_in_office(person: Person) -> Actor:
    """Return a person as the engine knows him, with the roles of his account."""
    program()
    return replace(actor_of(person), roles=roles_of(person))
