"""Jobs as rows: what was asked for, by which form, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by what they wait for."""

    def waiting(self) -> JobQuerySet:
        """Those that have not ended, the first due first."""
        return self.filter(state="running").order_by("due_at", "id")

    def due(self, now: datetime) -> JobQuerySet:
        """Those whose time has come."""
        return self.waiting().filter(due_at__lte=now)


class Job(models.Model):
    """One piece of background work. `id` comes from the form that asked, so asking twice is one
    job; `arguments` and `result` are packed values."""

    RECORD: ClassVar[str] = "job"

    class State(models.TextChoices):
        """How far it got."""

        RUNNING = "running", _("Идёт")
        DONE = "done", _("Сделана")
        FAILED = "failed", _("Не получилась")
        CANCELLED = "cancelled", _("Не нужна")

    id = models.UUIDField(_("Номер"), primary_key=True)
    name = models.CharField(_("Что сделать"), max_length=60)
    arguments = models.JSONField(_("Параметры"), default=dict)
    result = models.JSONField(_("Результат"), null=True, blank=True)
    state = models.CharField(
        _("Состояние"), max_length=10, choices=State.choices, default=State.RUNNING
    )
    session = models.UUIDField(_("Сессия"))
    chat_id = models.BigIntegerField(_("Чат"))
    attempts = models.PositiveSmallIntegerField(_("Попыток"), default=0)
    last_error = models.CharField(_("Последняя ошибка"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("Начата"))
    due_at = models.DateTimeField(_("Когда делать"))
    ended_at = models.DateTimeField(_("Закончена"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("фоновая работа")
        verbose_name_plural = _("фоновая работа")
        ordering = ["-started_at"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state="running"), name="job_waiting_by_time"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="job_ended_has_a_time",
                condition=Q(state="running", ended_at__isnull=True)
                | (~Q(state="running") & Q(ended_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {str(self.pk)[:8]}"
