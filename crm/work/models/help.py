"""Calls for help, and shifts handed over (domain 4.38, 4.44, 5.13)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.titles import code_said


class HelpState(models.TextChoices):
    """Where a request stands (domain 5.13); `new` is a form that is being saved."""

    NEW = "new", _("Новый")
    OPEN = "open", _("Ждёт")
    GOING = "going", _("Идут")
    SOLVED = "solved", _("Решено")
    WITHDRAWN = "withdrawn", _("Отозван")


class HelpTopic(models.TextChoices):
    """What it is about."""

    NO_RAW = "no_raw", _("Нет сырья")
    BREAKDOWN = "breakdown", _("Поломка")
    UNCLEAR = "unclear", _("Не понимаю задание")
    DANGER = "danger", _("Опасность")
    OTHER = "other", _("Другое")


class HelpRequest(models.Model):
    """A worker's call for help, tied to the task it was asked from and to what that task is about.

    `station` is the resource that he wants to stand still, if any."""

    RECORD: ClassVar[str] = "help_request"
    State = HelpState
    Topic = HelpTopic

    state = models.CharField(
        _("Состояние"), max_length=10, choices=HelpState.choices, default=HelpState.NEW
    )
    author = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("Кто")
    )
    topic = models.CharField(_("Тема"), max_length=12, choices=HelpTopic.choices)
    text = models.CharField(_("Что случилось"), max_length=500, blank=True)
    task = models.ForeignKey(
        "work.Task",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="help_requests",
        verbose_name=_("Задача"),
    )
    subject = models.CharField(_("Запись"), max_length=40, blank=True)
    subject_id = models.CharField(_("Номер записи"), max_length=40, blank=True)
    station = models.CharField(_("Станция"), max_length=80, blank=True)
    going_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто идёт"),
    )
    answer = models.CharField(_("Ответ"), max_length=500, blank=True)
    session = models.UUIDField(_("Сессия"), unique=True)
    created_at = models.DateTimeField(_("Когда"))
    ended_at = models.DateTimeField(_("Закрыт"), null=True, blank=True)
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("просьба о помощи")
        verbose_name_plural = _("просьбы о помощи")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="help_state_is_known", condition=Q(state__in=HelpState.values)
            ),
            models.CheckConstraint(
                name="help_topic_is_known", condition=Q(topic__in=HelpTopic.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_topic_display()}: {self.author}"

    @property
    def topic_title(self) -> str:
        """The topic as people read it, each in his language."""
        return code_said(self, "topic")


class HandoverState(models.TextChoices):
    """Where a handover stands (domain 5.13); `new` is a form that is being saved."""

    NEW = "new", _("Новая")
    OFFERED = "offered", _("Сдана")
    ACCEPTED = "accepted", _("Принята")
    QUESTIONED = "questioned", _("Есть вопросы")


class Handover(models.Model):
    """A shift that one person hands over: the digest as it was read, his note, who took it.

    `whole`: the shift of the plant; otherwise his own work, to the colleague `successor`."""

    RECORD: ClassVar[str] = "handover"
    State = HandoverState

    state = models.CharField(
        _("Состояние"), max_length=10, choices=HandoverState.choices, default=HandoverState.NEW
    )
    whole = models.BooleanField(_("Вся смена"), default=True)
    successor = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кому"),
    )
    given_by = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("Кто сдал")
    )
    taken_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто принял"),
    )
    digest = models.TextField(_("Сводка"))
    note = models.CharField(_("Примечание"), max_length=500, blank=True)
    question = models.CharField(_("Вопросы"), max_length=500, blank=True)
    session = models.UUIDField(_("Сессия"), unique=True)
    created_at = models.DateTimeField(_("Сдана"))
    taken_at = models.DateTimeField(_("Принята"), null=True, blank=True)
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("сдача смены")
        verbose_name_plural = _("сдачи смены")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="handover_state_is_known", condition=Q(state__in=HandoverState.values)
            ),
            models.CheckConstraint(
                name="handover_is_taken_by_another_person",
                condition=Q(taken_by__isnull=True) | ~Q(taken_by=F("given_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_by}: {self.created_at:%d.%m %H:%M}"
