"""«Запросы доступа»: let a stranger in as somebody, or decline."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from crm.bridge.operations import DjangoOperations
from crm.bridge.people import DjangoPeople
from crm.bridge.program import program
from crm.office import acts
from crm.office.base import CardAdmin, acting, choices_of
from crm.office.card import Card, Cell, Command, Fields, cell
from crm.office.columns import column
from crm.office.links import command_link
from crm.people.models import AccessRequest, Person
from engine.errors import Refusal, Refused

CHANGE = "people.change_accessrequest"
TONES = {"new": "warn", "open": "warn", "bound": "good", "declined": "calm"}


@admin.register(AccessRequest)
class AccessRequestPage(CardAdmin):
    """Requests as facts with two commands."""

    comes = _("Запрос появляется, когда боту пишет тот, кого он не знает.")
    list_display = ("said", "telegram_id", "asked_at", "show_state", "person", "decided_by")
    list_filter = (("state", ChoicesDropdownFilter),)
    search_fields = ("said", "=telegram_id")
    ordering = ("state", "-asked_at")
    commands = {"bind": CHANGE, "decline": CHANGE}

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessRequest]:
        """Read requests with the people in them."""
        return AccessRequest.objects.select_related("person", "decided_by")

    @column(
        description=_("Решение"), label={"open": "warning", "bound": "success"}, ordering="state"
    )
    def show_state(self, request: AccessRequest) -> tuple[str, str]:
        """What came of it."""
        return request.state, request.get_state_display()

    def offered(self, request: HttpRequest, record: Any) -> list[Command]:
        """Offer both answers while the request is open."""
        if record.state != AccessRequest.State.OPEN or not request.user.has_perm(CHANGE):
            return []
        free = Person.objects.active().filter(telegram_id__isnull=True)
        return [
            Command(
                gettext("Дать доступ"),
                command_link(record, "bind"),
                gettext(
                    "Чат будет привязан к выбранному человеку. В списке те, у кого ещё нет чата."
                ),
                gettext("Привязать"),
                choose=(gettext("Человек"), choices_of(free)),
            ),
            Command(
                gettext("Отклонить"),
                command_link(record, "decline"),
                gettext("Запрос будет закрыт. Человек сможет отправить новый."),
                gettext("Отклонить"),
                tone="bad",
            ),
        ]

    def bind(self, request: HttpRequest, record: AccessRequest) -> str:
        """«Дать доступ»."""
        chosen = request.POST.get("choice", "")
        person = Person.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
        if person is None:
            raise Refused(Refusal("Выберите человека"))
        ways_in().decide(acting(request), record, person, timezone.now())
        return acts.LET_IN.with_values({"who": person.full_name})

    def decline(self, request: HttpRequest, record: AccessRequest) -> str:
        """«Отклонить»."""
        ways_in().decide(acting(request), record, None, timezone.now())
        return acts.NOT_LET_IN

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of a request."""
        asked: AccessRequest = record
        tone = TONES[asked.state]
        return Card(
            title=asked.said,
            badge=Cell(asked.get_state_display(), tone=tone),  # type: ignore[arg-type]
            main=(
                Fields(
                    gettext("Запрос"),
                    [
                        (gettext("Имя и место работы"), cell(asked.said)),
                        (gettext("Чат"), Cell(str(asked.telegram_id))),
                        (gettext("Когда спросил"), cell(asked.asked_at)),
                        (gettext("Решено"), cell(asked.decided_at)),
                        (gettext("Кто решил"), cell(asked.decided_by)),
                        (gettext("Человек"), cell(asked.person)),
                    ],
                ),
            ),
        )


def ways_in() -> DjangoPeople:
    """Return how people come in, under the present forms."""
    present = program()
    return DjangoPeople(DjangoOperations(present), present)
