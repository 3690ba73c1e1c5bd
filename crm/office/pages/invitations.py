"""«Приглашения»: whom a code or a picture with a link lets into the bot, until when, who used it.

The code itself is shown once, when it is given: only its digest is kept."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from crm.configuration import settings
from crm.office import acts
from crm.office.base import CardAdmin, acting
from crm.office.card import Card, Cell, Command, Fields, Tone, cell
from crm.office.columns import column
from crm.office.filters import IntakeRangeFilter
from crm.office.links import command_link, link
from crm.office.roles import title
from crm.people.models import Invitation, Person
from crm.people.operations.invite import VALID, revoke_one
from engine.documents.pictures import qr

CHANGE = "people.change_person"
LINK = "https://t.me/{bot}?start={code}"


def standing(invitation: Invitation) -> tuple[str, Tone]:
    """Return what became of an invitation, and its colour."""
    if invitation.used_at:
        return gettext("Использовано"), "good"
    if invitation.revoked_at:
        return gettext("Отозвано"), "calm"
    if not invitation.works(timezone.now()):
        return gettext("Истекло"), "calm"
    return gettext("Действует"), "info"


@admin.register(Invitation)
class InvitationPage(CardAdmin):
    """Invitations as facts; one that still works is revoked."""

    list_display = ("person", "created_at", "created_by", "expires_at", "show_state", "used_at")
    list_filter = (("created_at", IntakeRangeFilter),)
    folded = ("person__name_key",)
    search_fields = ("=used_by_chat",)
    search_help_text = _("ФИО или номер чата")
    ordering = ("-created_at", "-id")
    commands = {"revoke": CHANGE}
    comes = _("Приглашение выдаётся на карточке человека: «Пригласить в бот».")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        """Read invitations with the people in them."""
        return Invitation.objects.select_related("person", "created_by")

    @column(description=_("Состояние"))
    def show_state(self, invitation: Invitation) -> str:
        """What became of it."""
        return standing(invitation)[0]

    def offered(self, request: HttpRequest, record: Any) -> list[Command]:
        """Offer to revoke what still works."""
        if not record.works(timezone.now()) or not request.user.has_perm(CHANGE):
            return []
        return [
            Command(
                gettext("Отозвать"),
                command_link(record, "revoke"),
                gettext("Код и ссылка перестанут действовать. Можно выдать новые."),
                gettext("Отозвать"),
                tone="bad",
            )
        ]

    def revoke(self, request: HttpRequest, invitation: Invitation) -> str:
        """«Отозвать»."""
        revoke_one(acting(request), invitation=invitation, at=timezone.now())
        return acts.CODE_REVOKED.with_values({"who": str(invitation.person)})

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of an invitation."""
        invitation: Invitation = record
        text, tone = standing(invitation)
        person = invitation.person
        return Card(
            title=str(invitation),
            badge=Cell(text, tone=tone),
            main=(
                Fields(
                    gettext("Приглашение"),
                    [
                        (gettext("Для кого"), cell(person, href=link(person))),
                        (gettext("Роли"), cell(roles(person))),
                        (gettext("Выдано"), cell(invitation.created_at)),
                        (gettext("Кто выдал"), cell(invitation.created_by)),
                        (gettext("Действует до"), cell(invitation.expires_at)),
                        (gettext("Использовано"), cell(invitation.used_at)),
                        (gettext("Чат"), cell(str(invitation.used_by_chat or ""))),
                        (gettext("Отозвано"), cell(invitation.revoked_at)),
                    ],
                ),
            ),
        )


def roles(person: Person) -> str:
    """Name the roles that who enters gets."""
    return ", ".join(title(role) for role in sorted(person.role_codes))


@never_cache
def shown(
    request: HttpRequest, page: admin.ModelAdmin[Any], person: Person, code: str
) -> HttpResponse:
    """Show a new code once: as letters, and as a link with its picture where the bot has a name."""
    bot = settings().telegram_bot_name
    address = LINK.format(bot=bot, code=code) if bot else ""
    picture = base64.b64encode(qr(address or code)).decode()
    context = {
        **page.admin_site.each_context(request),
        "title": gettext("Приглашение: {who}").format(who=person),
        "opts": page.opts,
        "original": person,
        "back": link(person),
        "person": person,
        "roles": roles(person),
        "code": code,
        "link": address,
        "hours": VALID.days * 24 + VALID.seconds // 3600,
        "picture": f"data:image/png;base64,{picture}",
    }
    return TemplateResponse(request, "office/invitation.html", context)
