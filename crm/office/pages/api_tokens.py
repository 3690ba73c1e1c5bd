"""«Токены API»: which programs read the plant, and which no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSplitDateTimeWidget

from crm.api.models import Scope, Token
from crm.api.operations.tokens import LONGEST, issue, revoke
from crm.office import acts
from crm.office.base import CardAdmin
from crm.office.card import Card, Cell, Command, Fields, cell
from crm.office.columns import column
from crm.office.links import command_link

if TYPE_CHECKING:
    _Form = forms.ModelForm[Token]
else:
    _Form = forms.ModelForm

CHANGE = "api.change_token"
USUAL = LONGEST / 4


class TokenForm(_Form):
    """What is asked of a new token."""

    scopes = forms.MultipleChoiceField(
        label=_("Что читает"),
        choices=Scope.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    expires_at = forms.SplitDateTimeField(
        label=_("Действует до"),
        widget=UnfoldAdminSplitDateTimeWidget,
        initial=lambda: timezone.localtime() + USUAL,
        help_text=_("Не дольше года"),
    )

    class Meta:
        model = Token
        fields = ("name",)

    def clean_expires_at(self) -> Any:
        """Keep the end within what a token may last."""
        until, now = self.cleaned_data["expires_at"], timezone.now()
        if not now < until <= now + LONGEST:
            raise ValidationError(gettext("Срок токена — от сегодняшнего дня до одного года"))
        return until


@admin.register(Token)
class TokenPage(CardAdmin):
    """Tokens: made here, shown once, revoked here; never changed."""

    comes = _("Выдайте токен кнопкой «+» программе, которая читает данные завода.")
    form = TokenForm
    fields = ("name", "scopes", "expires_at")
    list_display = (
        "name",
        "show_state",
        "show_scopes",
        "hint",
        "created_by",
        "expires_at",
        "last_used_at",
    )
    search_fields = ("name", "hint")
    ordering = ("-created_at", "-id")
    commands = {"revoke": CHANGE}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Token]:
        """Read tokens with those who gave them."""
        return Token.objects.with_givers().select_related("created_by", "revoked_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may give tokens."""
        return bool(request.user.has_perm("api.add_token"))

    @column(
        description=_("Состояние"),
        label={
            "works": "success",
            "revoked": "danger",
            "over": "warning",
            "alone": "danger",
        },
        ordering="revoked_at",
    )
    def show_state(self, token: Token) -> tuple[str, str]:
        """Whether it is let in."""
        return _state(token)

    @column(description=_("Что читает"), ordering="scopes")
    def show_scopes(self, token: Token) -> str:
        """The scopes in words."""
        return _scopes(token)

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        """Give a token and show it, once."""
        assert isinstance(request.user, User)
        given = form.cleaned_data
        scopes = [Scope(code) for code in given["scopes"]]
        token, secret = issue(
            request.user,
            name=given["name"],
            scopes=scopes,
            until=given["expires_at"],
            at=timezone.now(),
        )
        vars(obj).update(vars(token))
        said = gettext("Токен «{name}»: {secret}. Скопируйте его сейчас: он показан один раз")
        messages.warning(request, said.format(name=token.name, secret=secret))

    def offered(self, request: HttpRequest, record: Any) -> list[Command]:
        """Offer to revoke what is let in."""
        token: Token = record
        if not token.works(timezone.now()) or not request.user.has_perm(CHANGE):
            return []
        return [
            Command(
                gettext("Отозвать"),
                command_link(token, "revoke"),
                gettext("Программа с этим токеном больше ничего не прочтёт. Вернуть его нельзя."),
                gettext("Отозвать"),
                tone="bad",
            )
        ]

    def revoke(self, request: HttpRequest, token: Token) -> str:
        """«Отозвать»."""
        assert isinstance(request.user, User)
        revoke(request.user, token=token, at=timezone.now())
        return acts.TOKEN_REVOKED.with_values({"name": token.name})

    def card(self, request: HttpRequest, record: Any) -> Card:
        """The card of a token."""
        token: Token = record
        code, state = _state(token)
        return Card(
            title=token.name,
            badge=Cell(state, tone="good" if code == "works" else "bad"),
            main=(
                Fields(
                    gettext("Токен"),
                    [
                        (gettext("Что читает"), cell(_scopes(token))),
                        (gettext("Начинается с"), cell(f"{token.hint}…")),
                        (gettext("Последний запрос"), cell(token.last_used_at)),
                        (gettext("Действует до"), cell(token.expires_at)),
                        (gettext("Выдан"), cell(token.created_at)),
                        (gettext("Кем выдан"), cell(token.created_by)),
                        (gettext("Отозван"), cell(token.revoked_at)),
                        (gettext("Кем отозван"), cell(token.revoked_by)),
                    ],
                ),
            ),
        )


def _state(token: Token) -> tuple[str, str]:
    if token.revoked_at is not None:
        return "revoked", gettext("Отозван")
    if not token.works(timezone.now()):
        return "over", gettext("Срок истёк")
    if not token.vouched:
        return "alone", gettext("Не действует: выдавший больше не вправе")
    return "works", gettext("Действует")


def _scopes(token: Token) -> str:
    return ", ".join(str(Scope(code).label) for code in token.scopes.split())
