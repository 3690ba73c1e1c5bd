"""«Входы»: who entered the office or tried to, when and from where."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from crm.office.base import CardAdmin
from crm.office.card import Card, Cell, Fields, cell
from crm.office.columns import column
from crm.office.filters import IntakeRangeFilter
from crm.office.tones import LABELS, SIGN_INS
from crm.people.models import SignIn


@admin.register(SignIn)
class SignInPage(CardAdmin):
    """Tries as facts."""

    comes = _("Входы появляются, когда кто-то входит в офис.")
    list_display = ("at", "account", "show_outcome", "address", "program")
    list_filter = (("at", IntakeRangeFilter), ("outcome", ChoicesDropdownFilter))
    search_fields = ("=account__username", "=address")
    search_help_text = _("Имя учётной записи или адрес")
    ordering = ("-at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignIn]:
        """Read tries with their accounts."""
        return SignIn.objects.select_related("account")

    @column(
        description=_("Что вышло"),
        label={outcome: LABELS[tone] for outcome, tone in SIGN_INS.items()},
        ordering="outcome",
    )
    def show_outcome(self, sign_in: SignIn) -> tuple[str, str]:
        """What came of it, in its colour."""
        return sign_in.outcome, sign_in.get_outcome_display()

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of a try."""
        sign_in: SignIn = record
        return Card(
            title=str(sign_in.account or gettext("Неизвестное имя")),
            badge=Cell(sign_in.get_outcome_display(), tone=SIGN_INS[sign_in.outcome]),
            main=(
                Fields(
                    gettext("Вход в офис"),
                    [
                        (gettext("Когда"), cell(sign_in.at)),
                        (gettext("Откуда"), cell(sign_in.address)),
                        (gettext("Браузер"), cell(sign_in.program)),
                    ],
                ),
            ),
        )
