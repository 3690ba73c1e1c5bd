"""Filters of «Отклонения» (domain 11.2: state, role, age)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RadioFilter

from crm.office.roles import titles
from crm.quality.models import Deviation

AGES = {"15m": timedelta(minutes=15), "2h": timedelta(hours=2), "1d": timedelta(days=1)}


class KindFilter(DropdownFilter):
    """What a deviation was about."""

    title = _("Вид")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the kinds that there were, by what they were called first."""
        kinds = Deviation.objects.order_by("kind").values_list("kind")
        return list(kinds.annotate(said=Min("label")))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Deviation]) -> QuerySet[Deviation]:
        """Keep those of a kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


class WhoDecidesFilter(DropdownFilter):
    """The role that decides."""

    title = _("Кто решает")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the roles of the present forms."""
        return titles()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Deviation]) -> QuerySet[Deviation]:
        """Keep those that a role decides; the names of roles have no quotes."""
        return queryset.filter(roles__icontains=f'"{self.value()}"') if self.value() else queryset


class AgeFilter(RadioFilter):
    """How long it has waited for somebody."""

    title = _("Ждёт дольше")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the ages."""
        return [("15m", gettext("15 мин")), ("2h", gettext("2 ч")), ("1d", gettext("1 дня"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Deviation]) -> QuerySet[Deviation]:
        """Keep those that are unfinished and older."""
        age = AGES.get(str(self.value()))
        if age is None:
            return queryset
        waiting = queryset.filter(pk__in=Deviation.objects.unfinished().order_by().values("pk"))
        return waiting.filter(asked_at__lte=timezone.now() - age)
