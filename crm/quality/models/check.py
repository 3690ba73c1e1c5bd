"""The checks of the plan (domain 4.43, 14.3): each window of each critical point is a row, also one
in which nobody came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CheckState(models.TextChoices):
    """Where a check stands; `new` is one that is being opened."""

    NEW = "new", _("Новая")
    WAITING = "waiting", _("Ещё не пора")
    DUE = "due", _("Пора сделать")
    PASSED = "passed", _("В пределах")
    FAILED = "failed", _("Вне пределов")
    MISSED = "missed", _("Не сделана")
    CORRECTING = "correcting", _("Исправляют")
    VERIFYING = "verifying", _("Ждёт подтверждения")
    CLOSED = "closed", _("Закрыта")


class CheckEntry(models.TextChoices):
    """What is entered."""

    TEMPERATURE = "temperature", _("Температура")
    COUNT = "count", _("Число")
    MARK = "mark", _("Отметка")


class Check(models.Model):
    """One window of one point: `limit` of a `lot`, at a `line`, in a `freezer`, or in the store (of
    none of them). The value and its limit as it was are a Measurement; `deviation` is of a value
    outside or of a window that nobody used: it goes the way of its check."""

    RECORD: ClassVar[str] = "check"
    State = CheckState
    Entry = CheckEntry

    state = models.CharField(
        _("Состояние"), max_length=10, choices=CheckState.choices, default=CheckState.NEW
    )
    limit = models.CharField(_("Предел"), max_length=60)
    line = models.PositiveSmallIntegerField(_("Линия"), null=True, blank=True)
    freezer = models.ForeignKey(
        "catalogue.Freezer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Камера"),
    )
    lot = models.ForeignKey(
        "ledger.Lot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="checks",
        verbose_name=_("Лот"),
    )
    point = models.CharField(_("Точка"), max_length=80)
    title = models.CharField(_("Что проверить"), max_length=200)
    entry = models.CharField(_("Что вводят"), max_length=12, choices=CheckEntry.choices)
    photo = models.BooleanField(_("С фото"), default=False)
    opens_at = models.DateTimeField(_("С"))
    half_at = models.DateTimeField(_("Напомнить"))
    closes_at = models.DateTimeField(_("До"))
    note = models.CharField(_("Примечание"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто сделал"),
    )
    made_at = models.DateTimeField(_("Сделана"), null=True, blank=True)
    deviation = models.OneToOneField(
        "quality.Deviation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="check_of",
        verbose_name=_("Отклонение"),
    )
    corrected_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто исправил"),
    )
    correction = models.CharField(_("Что сделано"), max_length=500, blank=True)
    verified_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто подтвердил"),
    )
    session = models.UUIDField(_("Сессия"), null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("проверка ККТ")
        verbose_name_plural = _("проверки ККТ")
        ordering = ["-opens_at", "-id"]
        indexes = [models.Index(fields=["point", "-made_at"], name="check_by_point")]
        constraints = [
            models.CheckConstraint(
                name="check_state_is_known", condition=Q(state__in=CheckState.values)
            ),
            models.CheckConstraint(
                name="check_entry_is_known", condition=Q(entry__in=CheckEntry.values)
            ),
            models.CheckConstraint(
                name="check_window_is_in_order",
                condition=Q(opens_at__lt=F("half_at"), half_at__lt=F("closes_at")),
            ),
            models.CheckConstraint(
                name="check_with_a_verdict_was_made",
                condition=~Q(state__in=["passed", "failed"])
                | Q(made_by__isnull=False, made_at__isnull=False),
            ),
            models.CheckConstraint(
                name="check_is_verified_by_another_person",
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("corrected_by")),
            ),
            models.CheckConstraint(
                name="check_closed_was_corrected_and_verified",
                condition=~Q(state="closed")
                | Q(corrected_by__isnull=False, verified_by__isnull=False) & ~Q(correction=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title
