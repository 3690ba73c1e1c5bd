"""Mock recalls: whether the plant finds in four hours what a recall would need (domain 4.45,
14.2)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DrillState(models.TextChoices):
    """Where a drill stands: the states of a recall case (domain 5.11); `new` is a form that is
    being saved."""

    NEW = "new", _("Новый")
    DRAFTED = "drafted", _("Записан")
    FROZEN = "frozen", _("Определён")
    ACTING = "acting", _("Идут действия")
    RECONCILED = "reconciled", _("Ждёт подписи")
    CLOSED = "closed", _("Закрыт")


class Scope(models.TextChoices):
    """What a drill counts as affected, each with all of the one before it (domain 14.2)."""

    GENEALOGY = "genealogy", _("Родословная")
    CARRY_OVER = "carry_over", _("и перенос по линии")
    LINE = "line", _("и та же линия в тот же день")
    EQUIPMENT = "equipment", _("и то же оборудование в тот же день")


class RecallDrill(models.Model):
    """One drill: the lot, the result as it was found then, the conclusion, and who signed it.

    `result` is what was read at the start and never changes; `clock` is how many seconds after the
    start each step of the search was done. It changes nothing in stock."""

    RECORD: ClassVar[str] = "recall_drill"
    State = DrillState
    Scope = Scope

    state = models.CharField(
        _("Состояние"), max_length=10, choices=DrillState.choices, default=DrillState.NEW
    )
    lot = models.ForeignKey("ledger.Lot", models.PROTECT, related_name="+", verbose_name=_("Лот"))
    scope = models.CharField(
        _("Область"), max_length=10, choices=Scope.choices, default=Scope.GENEALOGY
    )
    result = models.TextField(_("Результат"))
    clock = models.JSONField(_("Часы"), default=dict)
    started_by = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("Кто начал")
    )
    started_at = models.DateTimeField(_("Начат"))
    conclusion = models.CharField(_("Вывод"), max_length=1000, blank=True)
    concluded_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто сделал вывод"),
    )
    concluded_at = models.DateTimeField(_("Вывод сделан"), null=True, blank=True)
    signed_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто подписал"),
    )
    signed_at = models.DateTimeField(_("Подписан"), null=True, blank=True)
    session = models.UUIDField(_("Сессия"), unique=True)
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("учебный отзыв")
        verbose_name_plural = _("учебные отзывы")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="drill_state_is_known", condition=Q(state__in=DrillState.values)
            ),
            models.CheckConstraint(
                name="drill_scope_is_known", condition=Q(scope__in=Scope.values)
            ),
            models.CheckConstraint(
                name="drill_is_signed_by_another_person",
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("concluded_by")),
            ),
            models.CheckConstraint(
                name="drill_closed_was_signed",
                condition=~Q(state="closed") | Q(signed_by__isnull=False, signed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.started_at:%d.%m.%Y}"
