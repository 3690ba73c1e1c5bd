"""«Завершена» of orders: a range of when the last mix was done, which only their histories know
(domain 11.2)."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext

from crm.ledger.models import StateHistory
from crm.office.filters import IntakeRangeFilter
from crm.production.models import MincedOrder

NAME = "finished_at"  # of no column: how the address calls it
FINISHED = MincedOrder.State.FINISHED


class FinishedRangeFilter(IntakeRangeFilter):
    """Orders that are finished, by when they became so."""

    def __init__(
        self,
        field: Any,
        request: HttpRequest,
        params: dict[str, Any],
        model: Any,
        model_admin: Any,
        field_path: str,
    ) -> None:
        del field_path
        super().__init__(field, request, params, model, model_admin, NAME)
        self.title = gettext("Завершена")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the finished orders inside the range; an unreadable date is no bound."""
        within = self.bounds("at")
        if not within:
            return queryset
        ends = StateHistory.objects.filter(record=MincedOrder.RECORD, to_state=FINISHED, **within)
        keys = ends.order_by().values(key=Cast("record_id", BigIntegerField()))
        return queryset.filter(state=FINISHED, pk__in=keys)


# Django wants a column of the table to hang a filter on; this one does not look at it.
FINISHED_RANGE = ("created_at", FinishedRangeFilter)
