"""People, their roles, and the three ways into the system: a code, a request, an administrator."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.fields import FoldedField
from crm.people.roles import titles
from engine.model.quiet import USUAL


def languages() -> list[tuple[str, str]]:
    """Return the languages that there are: Russian, and a folder of `locales/` each."""
    return list(settings.LANGUAGES)


class PersonQuerySet(models.QuerySet["Person"]):
    """People by what they may do."""

    def active(self) -> PersonQuerySet:
        """Those who work here now."""
        return self.filter(active=True)

    def holding(self, *roles: str) -> PersonQuerySet:
        """Active people who hold any of these roles, each once, by name."""
        return self.active().filter(roles__role__in=roles).distinct().order_by("full_name", "id")


class Person(models.Model):
    """Somebody who works here. One chat is one person; without a chat he only exists in the
    office."""

    full_name = models.CharField(_("ФИО"), max_length=120)
    name_key = FoldedField(source="full_name")
    language = models.CharField(_("Язык"), max_length=8, choices=languages, default="ru")
    telegram_id = models.BigIntegerField(_("Чат Telegram"), null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("Учётная запись офиса"),
    )
    active = models.BooleanField(_("Работает"), default=True)
    quiet_from = models.TimeField(_("Тихие часы с"), null=True, blank=True, default=USUAL[0])
    quiet_to = models.TimeField(_("Тихие часы до"), null=True, blank=True, default=USUAL[1])
    last_seen = models.DateTimeField(_("Был(а) на связи"), null=True, blank=True)
    created_at = models.DateTimeField(_("Создан"), auto_now_add=True)
    created_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кем создан"),
    )
    version = models.PositiveIntegerField(_("Версия"), default=1)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("человек")
        verbose_name_plural = _("люди")
        ordering = ["full_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["telegram_id"], name="person_chat_belongs_to_one_person"
            ),
            models.CheckConstraint(name="person_has_a_name", condition=~Q(full_name="")),
            models.CheckConstraint(
                name="person_quiet_hours_have_both_ends",
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def role_codes(self) -> frozenset[str]:
        """Codes of the roles held now."""
        return frozenset(held.role for held in self.roles.all())


class PersonRole(models.Model):
    """One role of one person."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="roles", verbose_name=_("Человек")
    )
    role = models.CharField(_("Роль"), max_length=40, choices=titles)

    class Meta:
        verbose_name = _("роль")
        verbose_name_plural = _("роли")
        constraints = [
            models.UniqueConstraint(fields=["person", "role"], name="person_holds_a_role_once"),
            models.CheckConstraint(name="role_has_a_name", condition=~Q(role="")),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class Invitation(models.Model):
    """A code of eight characters that binds a chat to a person: single use, valid for 72 hours.
    Only its hash is kept."""

    code_hash = models.CharField(_("Отпечаток кода"), max_length=64)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="invitations", verbose_name=_("Для кого")
    )
    created_at = models.DateTimeField(_("Выдан"))
    created_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("Кто выдал")
    )
    expires_at = models.DateTimeField(_("Действует до"))
    used_at = models.DateTimeField(_("Использован"), null=True, blank=True)
    used_by_chat = models.BigIntegerField(_("Чат"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Отозван"), null=True, blank=True)

    class Meta:
        verbose_name = _("приглашение")
        verbose_name_plural = _("приглашения")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["code_hash"], name="invitation_code_is_unique"),
            models.CheckConstraint(
                name="invitation_expires_after_it_is_made",
                condition=Q(expires_at__gt=F("created_at")),
            ),
            models.CheckConstraint(
                name="invitation_is_used_by_a_chat",
                condition=Q(used_at__isnull=True, used_by_chat__isnull=True)
                | Q(used_at__isnull=False, used_by_chat__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Приглашение: {who}").format(who=self.person)

    def works(self, at: datetime) -> bool:
        """Tell whether its code lets somebody in at a moment."""
        return self.used_at is None and self.revoked_at is None and at < self.expires_at


class AccessState(models.TextChoices):
    """Where a request for access stands (domain 4.2); `new` is one that is being kept."""

    NEW = "new", _("Новый")
    OPEN = "open", _("Ждёт решения")
    BOUND = "bound", _("Доступ дан")
    DECLINED = "declined", _("Отклонён")


class AccessRequest(models.Model):
    """A stranger's request to be let in; an administrator binds the chat to a person or
    declines."""

    RECORD: ClassVar[str] = "access_request"
    State = AccessState

    telegram_id = models.BigIntegerField(_("Чат"))
    said = models.CharField(_("Имя и место работы"), max_length=100)
    asked_at = models.DateTimeField(_("Когда спросил"))
    state = models.CharField(
        _("Решение"), max_length=10, choices=AccessState.choices, default=AccessState.NEW
    )
    decided_at = models.DateTimeField(_("Решено"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Кто решил")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Человек")
    )
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("запрос доступа")
        verbose_name_plural = _("запросы доступа")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="access_request_state_is_known", condition=Q(state__in=AccessState.values)
            ),
            models.UniqueConstraint(
                fields=["telegram_id"],
                condition=Q(state__in=["new", "open"]),
                name="access_request_one_open_per_chat",
            ),
            models.CheckConstraint(
                name="access_request_decided_has_time",
                condition=Q(state__in=["new", "open"], decided_at__isnull=True)
                | Q(state__in=["bound", "declined"], decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="access_request_bound_has_person",
                condition=~Q(state="bound") | Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.said


class Signature(models.Model):
    """The image of a person's signature, as papers print it: a PNG in the file store. A new one
    takes its place; papers that were printed keep what they show."""

    person = models.OneToOneField(
        Person, models.CASCADE, related_name="signature", verbose_name=_("Человек")
    )
    key = models.CharField(_("Ключ"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("Размер, байт"))
    uploaded_at = models.DateTimeField(_("Загружена"))
    uploaded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("Кто загрузил")
    )

    class Meta:
        verbose_name = _("подпись")
        verbose_name_plural = _("подписи")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="signature_has_a_file_of_its_own"),
            models.CheckConstraint(name="signature_is_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return str(self.person)


class RegistrationTry(models.Model):
    """Wrong codes of a chat: five of them lock it for an hour."""

    telegram_id = models.BigIntegerField(_("Чат"), primary_key=True)
    wrong = models.PositiveSmallIntegerField(_("Ошибок подряд"), default=0)
    locked_until = models.DateTimeField(_("Закрыт до"), null=True, blank=True)

    class Meta:
        verbose_name = _("попытка входа")
        verbose_name_plural = _("попытки входа")

    def __str__(self) -> str:
        return str(self.telegram_id)


class SignIn(models.Model):
    """A try to enter the office; never changed or deleted. A name that is no account is not kept:
    people type passwords there. Of every name a few bits are, too few to tell it by: tries of one
    name are counted alike whether it is an account or not, or the door would tell which are."""

    class Outcome(models.TextChoices):
        """What came of it."""

        ENTERED = "entered", _("Вход")
        PASSWORD = "password", _("Пароль верен, кода ещё нет")  # pragma: allowlist secret
        WRONG = "wrong", _("Неверные данные")
        LOCKED = "locked", _("Слишком много попыток")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("Учётная запись"),
    )
    outcome = models.CharField(_("Что вышло"), max_length=10, choices=Outcome.choices)
    name_bits = models.CharField(max_length=4, default="", editable=False)
    address = models.GenericIPAddressField(_("Откуда"), null=True)
    program = models.CharField(_("Браузер"), max_length=200, blank=True)
    at = models.DateTimeField(_("Когда"))

    class Meta:
        verbose_name = _("вход в офис")
        verbose_name_plural = _("входы в офис")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["account", "-at"], name="sign_in_by_account"),
            models.Index(fields=["address", "-at"], name="sign_in_by_address"),
            models.Index(fields=["-at"], name="sign_in_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sign_in_outcome_is_known",
                condition=Q(outcome__in=["entered", "password", "wrong", "locked"]),
            ),
            models.CheckConstraint(
                name="sign_in_entered_is_an_account",
                condition=~Q(outcome__in=["entered", "password"]) | Q(account__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account or '—'}: {self.get_outcome_display()}"
