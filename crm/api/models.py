"""Tokens of programs that read the plant. The token itself is nowhere: only its digest is kept."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token may read."""

    LOTS = "lots:read", _("Лоты")
    TRACE = "trace:read", _("Прослеживание и отзыв")
    STOCK = "stock:read", _("Остатки")


GIVES = "api.add_token"


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens by who vouches for them."""

    def with_givers(self) -> TokenQuerySet:
        """Say of each whether who gave it may still give tokens (`vouched`): the secret that he
        knows shall not open more to him than his account does."""
        givers = User.objects.with_perm(GIVES).filter(pk=OuterRef("created_by"))
        return self.annotate(vouched=Exists(givers))


class Token(models.Model):
    """A token: whose program holds it, what it may read, until when. `hint` is how it begins, to
    tell tokens apart; `scopes` are codes separated by spaces; `asked` is how many requests the
    processes of the office have drawn of the minute `asked_in`, counted from 1970."""

    name = models.CharField(_("Для чего"), max_length=80)
    digest = models.CharField(_("Отпечаток"), max_length=64, editable=False)
    hint = models.CharField(_("Начинается с"), max_length=12, editable=False)
    scopes = models.CharField(_("Что читает"), max_length=80)
    created_at = models.DateTimeField(_("Выдан"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Кем выдан")
    )
    expires_at = models.DateTimeField(_("Действует до"))
    revoked_at = models.DateTimeField(_("Отозван"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кем отозван"),
    )
    last_used_at = models.DateTimeField(_("Последний запрос"), null=True, blank=True)
    asked_in = models.PositiveBigIntegerField(default=0, editable=False)
    asked = models.PositiveIntegerField(default=0, editable=False)

    vouched: bool  # where it is asked for
    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("токен API")
        verbose_name_plural = _("токены API")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="token_digest_is_unique"),
            models.CheckConstraint(
                name="token_has_a_name_and_reads_something", condition=~Q(name="") & ~Q(scopes="")
            ),
            models.CheckConstraint(
                name="token_ends_after_it_began", condition=Q(expires_at__gt=F("created_at"))
            ),
            models.CheckConstraint(
                name="token_is_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def works(self, at: datetime) -> bool:
        """Tell whether the token is neither revoked nor over at a moment."""
        return self.revoked_at is None and at < self.expires_at

    def may(self, scope: Scope) -> bool:
        """Tell whether it may read this."""
        return scope.value in self.scopes.split()
