"""Closed lists that several records share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from crm.quality.models.analysis import Attempt


class ProductLine(models.TextChoices):
    """What the mince is for."""

    MMO = "mmo", _("ММО")
    MKO = "mko", _("Пет-фуд")


A = TypeVar("A", bound="Attempt")


def last_valid(attempts: Iterable[A]) -> A | None:
    """Return the last attempt of an analysis that no correction took back."""
    valid = (one for one in attempts if one.voided_at is None)
    return max(valid, key=lambda one: one.attempt, default=None)


def one_of(name: str, field: str, values: Iterable[str]) -> models.CheckConstraint:
    """Return the constraint that a column holds one of the values."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": [*values]}))


def share(name: str, *fields: str) -> models.CheckConstraint:
    """Return the constraint that columns are empty or shares of 0 to 100 per cent."""
    condition = Q()
    for field in fields:
        inside = Q(**{f"{field}__gte": 0, f"{field}__lte": 100})
        condition &= Q(**{f"{field}__isnull": True}) | inside
    return models.CheckConstraint(name=name, condition=condition)
