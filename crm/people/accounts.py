"""Accounts of the office as roles: a group is a role, of the office or one of the shop floor that
the forms give a desk (`duties: office`).

The bridge must have said what the forms say (`roles.use_roles`)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group

from crm.people.models import Person, PersonRole
from crm.people.roles import Duty, OfficeRole, named, on_duty


def desk_roles() -> tuple[str, ...]:
    """Return every role that an account may have."""
    return (*OfficeRole.values, *on_duty(Duty.OFFICE))


def account_roles(user: Any) -> frozenset[str]:
    """Return the roles of an account by its groups; who may everything has all."""
    if user.is_superuser:
        return frozenset(desk_roles())
    groups = set(user.groups.values_list("name", flat=True))
    return frozenset(role for role in desk_roles() if str(named(role)) in groups)


def roles_of(person: Person) -> frozenset[str]:
    """Return the roles of a person and of his account."""
    return person.role_codes | (account_roles(person.user) if person.user else frozenset())


def held_roles() -> frozenset[str]:
    """Return the roles that somebody has who works here, himself or by his account."""
    own = PersonRole.objects.filter(person__active=True).values_list("role", flat=True)
    groups = Group.objects.filter(user__is_active=True).values_list("name", flat=True)
    names = set(groups.distinct())
    desks = (role for role in desk_roles() if str(named(role)) in names)
    return frozenset({*own.distinct(), *desks})
