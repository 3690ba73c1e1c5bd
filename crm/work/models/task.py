"""Work that waits for people, and moments at which something is done."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.written import written

WAITING = ("open", "claimed")
# The column's value, which is no column of an index: SQLite would read all tasks in their order.
OLDEST = Coalesce("created_at", "created_at")


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks by what they wait for."""

    def waiting(self) -> TaskQuerySet:
        """Those that are not done, oldest first."""
        return self.filter(state__in=written(WAITING)).order_by(OLDEST, "id")

    def overdue(self, now: datetime) -> TaskQuerySet:
        """Waiting ones past their breach."""
        return self.waiting().filter(breach_at__lte=now)

    def of_records(self) -> TaskQuerySet:
        """Those about records; a decision on a deviation is a task of its own kind."""
        return self.filter(deviation__isnull=True)


class Task(models.Model):
    """Work that waits for a role; it lives until done or cancelled, whatever becomes of its
    messages.

    `roles` and `people` may do it, `person` has it (or ended it), `session` is the form that does
    it. `body` holds what else it is: text, flow or buttons, signature. `issue` counts how often
    its messages were made."""

    RECORD: ClassVar[str] = "task"

    class State(models.TextChoices):
        """Where the task stands."""

        OPEN = "open", _("Ждёт")
        CLAIMED = "claimed", _("В работе")
        DONE = "done", _("Сделана")
        CANCELLED = "cancelled", _("Снята")

    kind = models.CharField(_("Вид"), max_length=40)
    title = models.CharField(_("Что сделать"), max_length=300, blank=True)
    subject = models.CharField(_("Запись"), max_length=40)
    subject_id = models.CharField(_("Номер записи"), max_length=40)
    role = models.CharField(_("Роль"), max_length=40)
    person = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто взял"),
    )
    lifecycle = models.CharField(_("Жизненный цикл"), max_length=40, blank=True)
    roles = models.JSONField(_("Роли"), default=list)
    people = models.JSONField(_("Люди"), default=list)
    body = models.JSONField(_("Задание"), default=dict)
    session = models.UUIDField(_("Сессия"), null=True, blank=True)
    taken_at = models.DateTimeField(_("Взята"), null=True, blank=True)
    why = models.CharField(_("Почему снята"), max_length=300, blank=True)
    issue = models.PositiveSmallIntegerField(_("Выпуск сообщений"), default=0)
    state = models.CharField(
        _("Состояние"), max_length=12, choices=State.choices, default=State.OPEN
    )
    deviation = models.ForeignKey(
        "quality.Deviation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("Отклонение"),
    )
    warn_at = models.DateTimeField(_("Напомнить"), null=True, blank=True)
    breach_at = models.DateTimeField(_("Срок"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("Уровень"), default=0)
    created_at = models.DateTimeField(_("Создана"))
    ended_at = models.DateTimeField(_("Закрыта"), null=True, blank=True)
    version = models.PositiveIntegerField(_("Версия"), default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("задача")
        verbose_name_plural = _("задачи")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["deviation", "created_at", "id"],
                condition=Q(state__in=[*WAITING]),
                name="task_waiting_by_age",
            ),
            models.Index(fields=["-created_at", "-id"], name="task_latest"),
            models.Index(fields=["subject_id", "subject"], name="task_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "subject_id", "kind"],
                condition=Q(state__in=[*WAITING]),
                name="task_one_open_per_subject_and_kind",
            ),
            models.CheckConstraint(
                name="task_claimed_has_a_person",
                condition=~Q(state="claimed") | Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="task_ended_has_a_time",
                condition=Q(state__in=[*WAITING], ended_at__isnull=True)
                | Q(state__in=["done", "cancelled"], ended_at__isnull=False),
            ),
            models.CheckConstraint(name="task_level_is_0_to_3", condition=Q(level__lte=3)),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(state="claimed"),
                name="task_is_done_by_one_form_at_a_time",
            ),
            models.CheckConstraint(
                name="task_breach_is_after_warning",
                condition=Q(warn_at__isnull=True)
                | Q(breach_at__isnull=True)
                | Q(breach_at__gte=F("warn_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.kind


class TimerQuerySet(models.QuerySet["Timer"]):
    """Timers by time."""

    def due(self, now: datetime) -> TimerQuerySet:
        """Those whose time has come and that have not fired, earliest first."""
        return self.filter(fired_at__isnull=True, due_at__lte=now).order_by("due_at", "id")

    def waiting(self) -> TimerQuerySet:
        """Those that have not fired, earliest first."""
        return self.filter(fired_at__isnull=True).order_by("due_at", "id")

    def of_deviations(self) -> TimerQuerySet:
        """Reminders of decision requests."""
        return self.filter(subject="deviation")

    def of_states(self) -> TimerQuerySet:
        """Timers of the states of records."""
        return self.exclude(subject="deviation")


class Timer(models.Model):
    """A moment at which something is done if its subject is still in the same state entry; fires
    once."""

    due_at = models.DateTimeField(_("Когда"))
    kind = models.CharField(_("Что"), max_length=41)
    subject = models.CharField(_("Запись"), max_length=40)
    subject_id = models.CharField(_("Номер записи"), max_length=40)
    state_entry = models.CharField(_("Состояние"), max_length=120)
    level = models.PositiveSmallIntegerField(_("Уровень"), default=0)
    fired_at = models.DateTimeField(_("Сработал"), null=True, blank=True)

    objects = TimerQuerySet.as_manager()

    class Meta:
        verbose_name = _("таймер")
        verbose_name_plural = _("таймеры")
        ordering = ["due_at"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(fired_at__isnull=True), name="timer_waiting_by_time"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "subject_id", "state_entry", "kind"],
                name="timer_one_per_state_entry_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.subject_id}"
