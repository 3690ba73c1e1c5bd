"""«Сбои»: system transitions that broke, and those that are parked until a person has them tried
again (domain 6.3). The try itself is a task of the owner, in his chat."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.office.base import CardAdmin
from crm.office.card import Card, Fields, cell
from crm.office.columns import column
from crm.production.models import Failure
from engine.run.failing import TRIES


@admin.register(Failure)
class FailurePage(CardAdmin):
    """Failures, the latest first."""

    comes = _("Сбоев не было. Они появляются, когда программа не смогла закончить начатое.")
    list_display = ("record", "record_id", "transition", "show_state", "why", "last_at")
    search_fields = ("record_id", "why")
    ordering = ("-last_at",)

    @column(description=_("Состояние"), label={"parked": "danger", "tried": "warning"})
    def show_state(self, failure: Failure) -> tuple[str, str]:
        """Whether the system leaves it alone."""
        if failure.times >= TRIES:
            return "parked", gettext("Остановлено")
        return "tried", gettext("Попытка {number}").format(number=failure.times)

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of a failure."""
        failure: Failure = record
        return Card(
            title=str(failure),
            main=(
                Fields(
                    gettext("Сбой"),
                    [
                        (gettext("Переход"), cell(failure.transition)),
                        (gettext("Ошибка"), cell(failure.why)),
                        (gettext("Сколько раз"), cell(failure.times)),
                        (gettext("Впервые"), cell(failure.first_at)),
                        (gettext("В последний раз"), cell(failure.last_at)),
                    ],
                ),
            ),
        )
