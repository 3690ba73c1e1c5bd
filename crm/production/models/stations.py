"""Stations and freezers as resources: who holds a place, what stands still, who waits for what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """A place of a resource that a record holds: exactly while it is in the states that occupy it
    (domain 6.1). `slot` counts from 1."""

    resource = models.CharField(_("Станция"), max_length=80)
    slot = models.PositiveSmallIntegerField(_("Место"))
    record = models.CharField(_("Запись"), max_length=40)
    record_id = models.CharField(_("Номер записи"), max_length=40)
    title = models.CharField(_("Что стоит"), max_length=120, blank=True)
    lifecycle = models.CharField(_("Жизненный цикл"), max_length=40)
    since = models.DateTimeField(_("С какого времени"))

    class Meta:
        verbose_name = _("занятое место")
        verbose_name_plural = _("занятые места")
        ordering = ["resource", "slot"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "slot"], name="place_is_held_by_one_record"
            ),
            models.UniqueConstraint(
                fields=["resource", "record", "record_id", "lifecycle"],
                name="record_holds_a_resource_once",
            ),
            models.CheckConstraint(name="place_slot_is_from_1", condition=Q(slot__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.resource}: {self.title}"


class StopQuerySet(models.QuerySet["Stop"]):
    """Stops: those that last, and those that are over."""

    def standing(self) -> StopQuerySet:
        """Those that are not over."""
        return self.filter(ended_at__isnull=True)


class Stop(models.Model):
    """A resource that stands still from `at` until `ended_at`: no new work enters it (domain 6.6).

    Stops that are over stay: they are counted by day with their minutes."""

    RECORD: ClassVar[str] = "stop"

    resource = models.CharField(_("Станция"), max_length=80)
    title = models.CharField(_("Название"), max_length=120, blank=True)
    reason = models.CharField(_("Почему"), max_length=300)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("Кто"))
    at = models.DateTimeField(_("Когда"))
    ended_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто пустил"),
    )
    ended_at = models.DateTimeField(_("Когда пустили"), null=True, blank=True)
    session = models.UUIDField(_("Сессия"), null=True, unique=True)
    ended_session = models.UUIDField(_("Сессия пуска"), null=True, unique=True)

    objects = StopQuerySet.as_manager()

    class Meta:
        verbose_name = _("остановка")
        verbose_name_plural = _("остановки")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource"],
                condition=Q(ended_at__isnull=True),
                name="stop_stands_once_a_resource",
            ),
            models.CheckConstraint(
                name="stop_is_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_at__gte=F("at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.resource}: {self.reason}"


class FailureQuerySet(models.QuerySet["Failure"]):
    """Failures by what they are of."""

    def of(self, record: str, record_id: str, transition: str) -> FailureQuerySet:
        """That of one transition of one record."""
        return self.filter(record=record, record_id=record_id, transition=transition)


class Failure(models.Model):
    """A system transition that broke: how often since it last went well or a person let it be tried
    again. After three times it is parked (domain 6.3)."""

    record = models.CharField(_("Запись"), max_length=40)
    record_id = models.CharField(_("Номер записи"), max_length=40)
    transition = models.CharField(_("Переход"), max_length=60)
    times = models.PositiveIntegerField(_("Сколько раз"), default=1)
    why = models.CharField(_("Ошибка"), max_length=300)
    first_at = models.DateTimeField(_("Впервые"))
    last_at = models.DateTimeField(_("В последний раз"))

    objects = FailureQuerySet.as_manager()

    class Meta:
        verbose_name = _("сбой перехода")
        verbose_name_plural = _("сбои переходов")
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "record_id", "transition"],
                name="failure_is_counted_once_a_transition",
            ),
            models.CheckConstraint(name="failure_is_counted_from_1", condition=Q(times__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.record} {self.record_id}: {self.transition}"


class Waiting(models.Model):
    """Why a record does not go on, in words (domain 6.5)."""

    record = models.CharField(_("Запись"), max_length=40)
    record_id = models.CharField(_("Номер записи"), max_length=40)
    field = models.CharField(_("Поле состояния"), max_length=40)
    why = models.CharField(_("Чего ждёт"), max_length=300)

    class Meta:
        verbose_name = _("ожидание")
        verbose_name_plural = _("ожидания")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "record_id", "field"], name="record_waits_for_one_thing"
            )
        ]

    def __str__(self) -> str:
        return self.why
