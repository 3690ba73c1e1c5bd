"""Filters of «Отклонения» (domain 11.2: state, role, age)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from crm.office.filters import AgeFilter
from crm.office.language import own_said
from crm.office.roles import titles
from crm.production.models.blank import BlankProblem
from crm.quality.models import Deviation, HoldKind
from crm.quality.models.deviation import UNFINISHED


class KindFilter(DropdownFilter):
    """What a deviation was about."""

    title = _("Вид")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the kinds that there were."""
        kinds = Deviation.objects.order_by("kind").values_list("kind")
        found = kinds.annotate(first=Min("label"), last=Max("label"))
        return [*kind_titles(found).items()]

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


class UndecidedFilter(AgeFilter):
    """How long it has waited for somebody."""

    since = "asked_at"
    waits = Q(state__in=UNFINISHED)


def kind_titles(found: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Say what kinds are, each with the first and the last of what its deviations are called; those
    that are called alike, as the problems of a blank, get their own words too."""
    titles = {
        kind: kind_title(kind, own_said(first), own_said(last)) for kind, first, last in found
    }
    alike = Counter(titles.values())
    return {
        kind: f"{title}: {_own_words(kind)}" if alike[title] > 1 else title
        for kind, title in titles.items()
    }


def _own_words(kind: str) -> str:
    """Return what a kind is called by whoever chose it, or by the hold that it places."""
    for kinds in (BlankProblem, HoldKind):
        if kind in kinds.values:
            return str(kinds(kind).label)
    return kind


def kind_title(kind: str, first: str, last: str) -> str:
    """Say what a kind is, by the first and the last of what its deviations are called.

    >>> kind_title("fhp", "ФХП замеса Ф021120265/4/3", "ФХП замеса Ф031120265/3/4")
    'ФХП замеса'
    >>> kind_title("odd", "", "")
    'Odd'
    """
    words = _shared(first, last) or kind
    return f"{words[:1].upper()}{words[1:]}"


def _shared(first: str, last: str) -> str:
    """Return the words that texts begin with, of the first and the last in their order: those of a
    laboratory end with the number of what was analysed, which is no part of a cause.

    >>> _shared("ФХП замеса Ф021120265/4/3", "ФХП замеса Ф031120265/3/4")
    'ФХП замеса'
    >>> _shared("зола замеса 2611/1/Пет-фуд", "зола замеса 2611/1/Пет-фуд")
    'зола замеса'
    >>> _shared("Температура сырья", "Температура сырья")
    'Температура сырья'
    """
    both = zip(first.split(), last.split(), strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1] and "/" not in pair[0], both)
    return " ".join(word for word, _other in same)
