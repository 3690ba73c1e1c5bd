"""«Первые шаги»: what an empty plant still lacks, for its administrator, until nothing does."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from crm.catalogue.models import Company
from crm.configuration import settings
from crm.office.dashboard import any_of
from crm.office.links import list_link
from crm.people.models import Person
from crm.work.models import Session

RIGHT = "people.add_person"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what, why and how, where it leads, whether it is done."""

    title: str
    text: str
    href: str
    go: str
    done: bool


def first_steps(request: HttpRequest) -> list[Step]:
    """Return the steps for whoever may take people in; none when all are done."""
    if not request.user.has_perm(RIGHT):
        return []
    steps = _steps(_done())
    return [] if all(step.done for step in steps) else steps


def _done() -> dict[str, bool]:
    people = Person.objects.active()
    return any_of(
        companies=Company.objects.filter(active=True),
        people=people.filter(roles__isnull=False),
        chats=people.filter(telegram_id__isnull=False),
        forms=Session.objects.filter(state="saved"),
    )


def _steps(done: dict[str, bool]) -> list[Step]:
    return [
        Step(
            gettext("Компании"),
            gettext("От имени какой фирмы принимается сырьё. Проверьте список, лишние отключите."),
            list_link(Company),
            gettext("Открыть компании"),
            done["companies"],
        ),
        Step(
            gettext("Люди и роли"),
            gettext("Заведите работников и отметьте, что каждый делает: от роли зависит его меню."),
            reverse("admin:people_person_add"),
            gettext("Добавить человека"),
            done["people"],
        ),
        Step(
            gettext("Бот"),
            gettext(
                "Токен выдаёт @BotFather. Впишите его в TELEGRAM_BOT_TOKEN и запустите "
                "«cli.py bot»."
            ),
            "",
            "",
            settings().telegram_bot_token is not None,
        ),
        Step(
            gettext("Первый чат"),
            gettext(
                "На карточке человека нажмите «Выдать код»: он отправит код боту, и чат привяжется."
            ),
            list_link(Person),
            gettext("Открыть людей"),
            done["chats"],
        ),
        Step(
            gettext("Первая форма"),
            gettext("Пусть приёмщик нажмёт «Новая партия» и примет первую поставку до конца."),
            list_link(Session),
            gettext("Посмотреть сессии"),
            done["forms"],
        ),
    ]
