"""Who an account of the office is to the plant: its groups are roles, those of the office and those
of the shop floor that the forms give a desk (`duties: office`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from crm.bridge.people import actor_of
from crm.bridge.program import program
from crm.office.base import acting
from crm.people.roles import Duty, OfficeRole, named, on_duty
from engine.model.conversation import Actor


def desk_roles() -> tuple[str, ...]:
    """Return every role that an account may have: a group each."""
    program()  # an office that has just started has not read the forms yet
    return (*OfficeRole.values, *on_duty(Duty.OFFICE))


def account_roles(user: Any) -> frozenset[str]:
    """Return the roles of an account by its groups; who may everything has all."""
    if user.is_superuser:
        return frozenset(desk_roles())
    groups = set(user.groups.values_list("name", flat=True))
    return frozenset(role for role in desk_roles() if str(named(role)) in groups)


def acting_as(request: HttpRequest) -> Actor:
    """Return who gives a command, with the roles of his account beside his own."""
    actor = actor_of(acting(request))
    return replace(actor, roles=actor.roles | account_roles(request.user))
