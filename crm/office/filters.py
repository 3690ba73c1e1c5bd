"""Filters that lists share: ranges of moments, days and numbers, with one or both ends open; what
is open, and for how long."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.contrib.admin import FieldListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter, RangeDateFilter, RangeDateTimeFilter
from unfold.contrib.filters.admin.mixins import RangeNumericMixin

NO_TIME, DAY = timedelta(0), timedelta(days=1)
DAY_FORMS = ("%d.%m.%Y", "%Y-%m-%d")
AGES = {
    "15m": (timedelta(minutes=15), _("15 мин")),
    "2h": (timedelta(hours=2), _("2 ч")),
    "1d": (DAY, _("1 дня")),
    "7d": (7 * DAY, _("7 дней")),
}


class IntakeRangeFilter(RangeDateTimeFilter):
    """A range of date and time with one or both ends open; without a time the whole day counts. Its
    end is no part of it: a production day until 07:00 is not also of the next one."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep rows inside the range; an unreadable date is no bound."""
        return queryset.filter(**self.bounds(str(self.parameter_name)))

    def bounds(self, column: str) -> dict[str, datetime]:
        """Return what keeps a column inside the range."""
        begins, ends = self._moment("from"), self._moment("to", whole=DAY)
        found = {f"{column}__gte": begins, f"{column}__lt": ends}
        return {lookup: moment for lookup, moment in found.items() if moment}

    def _moment(self, end: str, whole: timedelta = NO_TIME) -> datetime | None:
        """Read an end of the range; of a day without a time, `whole` after it began."""
        day = day_of(self.used_parameters.get(f"{self.parameter_name}_{end}_0"))
        clock = str(self.used_parameters.get(f"{self.parameter_name}_{end}_1") or "")
        if day is None:
            return None
        try:
            at = parse_time(clock) if clock else None
            moment = datetime.combine(day, at or time.min) + (NO_TIME if at else whole)
        except (ValueError, OverflowError):
            return None
        return timezone.make_aware(moment)


class DayRangeFilter(RangeDateFilter):
    """A range of days with one or both ends open."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep rows inside the range; an unreadable day is no bound."""
        bounds = {}
        for end, lookup in (("from", "gte"), ("to", "lte")):
            day = day_of(self.used_parameters.get(f"{self.parameter_name}_{end}"))
            if day:
                bounds[f"{self.parameter_name}__{lookup}"] = day
        return queryset.filter(**bounds)


class NumberRangeFilter(RangeNumericMixin, FieldListFilter):
    """A range of numbers with one or both ends open; a decimal comma is as good as a point."""

    def __init__(
        self,
        field: Any,
        request: HttpRequest,
        params: dict[str, Any],
        model: Any,
        model_admin: Any,
        field_path: str,
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        self.request = request
        self.parameter_name = field_path
        self.init_used_parameters(params)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep rows inside the range; an unreadable number is no bound."""
        bounds = {}
        for end, lookup in (("from", "gte"), ("to", "lte")):
            number = _number(self.used_parameters.get(f"{self.parameter_name}_{end}"))
            if number is not None:
                bounds[f"{self.parameter_name}__{lookup}"] = number
        return queryset.filter(**bounds)


class OpenFilter(RadioFilter):
    """What is open, or what is over: the latter has a moment in the column `ended`."""

    title = _("Открыта")
    parameter_name = "open"
    ended: ClassVar[str]
    over: ClassVar[Any] = _("Закрыта")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the two answers."""
        return [("yes", gettext("Да")), ("no", str(self.over))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what is open, or what is over."""
        wanted = {"yes": True, "no": False}.get(str(self.value()))
        if wanted is None:
            return queryset
        return queryset.filter(**{f"{self.ended}__isnull": wanted})


class AgeFilter(RadioFilter):
    """How long something has waited for somebody: since the moment in the column `since`, of the
    rows of which `waits` holds."""

    title = _("Ждёт дольше")
    parameter_name = "age"
    since: ClassVar[str]
    waits: ClassVar[Q]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the ages."""
        return [(age, str(title)) for age, (_length, title) in AGES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep those that wait and are older."""
        known = AGES.get(str(self.value()))
        if known is None:
            return queryset
        older = {f"{self.since}__lte": timezone.now() - known[0]}
        return queryset.filter(self.waits, **older)


def day_of(text: Any) -> date | None:
    """Read a day as people or browsers write it; None of anything else."""
    for form in DAY_FORMS:
        try:
            return datetime.strptime(str(text or ""), form).date()  # noqa: DTZ007 - a day has none
        except ValueError:
            continue
    return None


def _number(text: Any) -> Decimal | None:
    """Read a number of at most three digits after the comma; what is longer is cut."""
    try:
        number = Decimal(str(text or "").strip().replace(",", "."))
        return number.quantize(Decimal("0.001")) if number.is_finite() else None
    except InvalidOperation:
        return None
