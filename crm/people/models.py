"""People, their roles, and the three ways into the system: a code, a request, an administrator."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from crm.fields import FoldedField
from crm.people.roles import Role


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

    full_name = models.CharField("ФИО", max_length=120)
    name_key = FoldedField(source="full_name")
    language = models.CharField("Язык", max_length=8, choices=languages, default="ru")
    telegram_id = models.BigIntegerField("Чат Telegram", null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name="Учётная запись офиса",
    )
    active = models.BooleanField("Работает", default=True)
    quiet_from = models.TimeField("Тихие часы с", null=True, blank=True)
    quiet_to = models.TimeField("Тихие часы до", null=True, blank=True)
    last_seen = models.DateTimeField("Был(а) на связи", null=True, blank=True)
    created_at = models.DateTimeField("Создан", auto_now_add=True)
    created_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Кем создан"
    )
    version = models.PositiveIntegerField("Версия", default=1)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "человек"
        verbose_name_plural = "люди"
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

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles", verbose_name="Человек")
    role = models.CharField("Роль", max_length=40, choices=Role.choices)

    class Meta:
        verbose_name = "роль"
        verbose_name_plural = "роли"
        constraints = [
            models.UniqueConstraint(fields=["person", "role"], name="person_holds_a_role_once"),
            models.CheckConstraint(name="role_is_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class Invitation(models.Model):
    """A code of eight characters that binds a chat to a person: single use, valid for 72 hours.
    Only its hash is kept."""

    code_hash = models.CharField("Отпечаток кода", max_length=64)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="invitations", verbose_name="Для кого"
    )
    created_at = models.DateTimeField("Выдан")
    created_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name="Кто выдал"
    )
    expires_at = models.DateTimeField("Действует до")
    used_at = models.DateTimeField("Использован", null=True, blank=True)
    used_by_chat = models.BigIntegerField("Чат", null=True, blank=True)
    revoked_at = models.DateTimeField("Отозван", null=True, blank=True)

    class Meta:
        verbose_name = "приглашение"
        verbose_name_plural = "приглашения"
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
        return f"Приглашение: {self.person}"


class AccessRequest(models.Model):
    """A stranger's request to be let in; an administrator binds the chat to a person or
    declines."""

    class Decision(models.TextChoices):
        """What came of it."""

        OPEN = "", "Ждёт решения"
        BOUND = "bound", "Доступ дан"
        DECLINED = "declined", "Отклонён"

    telegram_id = models.BigIntegerField("Чат")
    said = models.CharField("Имя и место работы", max_length=100)
    asked_at = models.DateTimeField("Когда спросил")
    decision = models.CharField(
        "Решение", max_length=10, choices=Decision.choices, blank=True, default=Decision.OPEN
    )
    decided_at = models.DateTimeField("Решено", null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Кто решил"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Человек"
    )

    class Meta:
        verbose_name = "запрос доступа"
        verbose_name_plural = "запросы доступа"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["telegram_id"],
                condition=Q(decision=""),
                name="access_request_one_open_per_chat",
            ),
            models.CheckConstraint(
                name="access_request_decided_has_time",
                condition=Q(decision="", decided_at__isnull=True)
                | Q(~Q(decision=""), decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="access_request_bound_has_person",
                condition=~Q(decision="bound") | Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.said


class RegistrationTry(models.Model):
    """Wrong codes of a chat: five of them lock it for an hour."""

    telegram_id = models.BigIntegerField("Чат", primary_key=True)
    wrong = models.PositiveSmallIntegerField("Ошибок подряд", default=0)
    locked_until = models.DateTimeField("Закрыт до", null=True, blank=True)

    class Meta:
        verbose_name = "попытка входа"
        verbose_name_plural = "попытки входа"

    def __str__(self) -> str:
        return str(self.telegram_id)
