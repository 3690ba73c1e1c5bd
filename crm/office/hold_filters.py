"""Filters of «Блокировки» (domain 11.2: state, role, age): also what is held, and by whom."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from crm.ledger.models import Lot
from crm.office.base import choices_of
from crm.office.filters import AgeFilter, OpenFilter
from crm.office.roles import titles
from crm.people.models import Person
from crm.people.roles import on_duty
from crm.quality.models import Hold, HoldKind
from crm.quality.usable import RULES

SYSTEM = "system"  # an analysis that failed, a lot that came by hand


class StandsFilter(OpenFilter):
    """«Действует»."""

    title = _("Действует")
    ended = "released_at"
    over = _("Снята")


class HeldForFilter(AgeFilter):
    """How long a lot is held already."""

    title = _("Действует дольше")
    since = "placed_at"
    waits = Q(released_at__isnull=True)


class HeldKindFilter(DropdownFilter):
    """What is held: a batch, a blank, a mix, a lot of вторфарш, a pallet."""

    title = _("Что заблокировано")
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the kinds of lots."""
        return [(kind.value, str(kind.label)) for kind in Lot.Kind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hold]) -> QuerySet[Hold]:
        """Keep the holds on lots of a kind."""
        return queryset.filter(lot__kind=self.value()) if self.value() else queryset


class PlacedByFilter(DropdownFilter):
    """Who placed it; what the program holds by itself is nobody's."""

    title = _("Кто поставил")
    parameter_name = "placed_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the program, and whoever has placed any."""
        placed = Hold.objects.filter(placed_by=OuterRef("pk"))
        people = Person.objects.filter(Exists(placed)).order_by("full_name")
        return [(SYSTEM, gettext("система")), *choices_of(people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hold]) -> QuerySet[Hold]:
        """Keep what somebody placed; whoever was not offered is no filter."""
        who = str(self.value())
        if who not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(placed_by=None if who == SYSTEM else int(who))


class WhoReleasesFilter(DropdownFilter):
    """The role whose work it is to release it."""

    title = _("Кто снимает")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the roles that release holds of any kind."""
        return [(role, title) for role, title in titles() if _released_by(role)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hold]) -> QuerySet[Hold]:
        """Keep the kinds of holds that a role releases."""
        role = self.value()
        return queryset.filter(kind__in=_released_by(role)) if role else queryset


def _released_by(role: str) -> list[HoldKind]:
    return [kind for kind, rule in RULES.items() if role in on_duty(rule.release)]
