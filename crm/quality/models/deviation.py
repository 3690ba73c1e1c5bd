"""Limits as versions, what was measured against them, and what was outside: nothing of a deviation
is ever lost."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.fields import ThousandthsField
from engine.languages.packed import unpack
from engine.model.conversation import Bounds


class LimitVersionQuerySet(models.QuerySet["LimitVersion"]):
    """Versions of limits."""

    def in_force(self, name: str, at: datetime) -> LimitVersionQuerySet:
        """Return the rows of the version of a limit that began last by `at`, one row a case; of two
        that begin at one moment the later one counts."""
        begun = self.filter(name=name, since__lte=at).order_by("-since", "-version")
        return self.filter(name=name, version=begun.values("version")[:1]).order_by(
            "position", "id"
        )


class LimitVersion(models.Model):
    """One case of one version of a limit: the bounds that hold when `when` is true, from `since`
    until another version begins. Never overwritten. `made_at` is empty of the first values."""

    name = models.CharField(_("Предел"), max_length=60)
    title = models.CharField(_("Название"), max_length=200, blank=True)
    when = models.CharField(_("Когда"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("Порядок"), default=0)
    least = ThousandthsField(_("Не меньше"), null=True, blank=True)
    most = ThousandthsField(_("Не больше"), null=True, blank=True)
    unit = models.CharField(_("Единица"), max_length=10)
    source = models.CharField(_("Источник"), max_length=200)
    version = models.PositiveIntegerField(_("Версия"))
    since = models.DateTimeField(_("Действует с"))
    author = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Автор")
    )
    reason = models.CharField(_("Причина"), max_length=500, blank=True)
    made_at = models.DateTimeField(_("Записано"), null=True, blank=True)

    objects = LimitVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("предел")
        verbose_name_plural = _("пределы")
        ordering = ["name", "-version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version", "when"], name="limit_one_row_per_version_and_case"
            ),
            models.CheckConstraint(
                name="limit_least_is_not_over_most",
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(least__lte=F("most")),
            ),
            models.CheckConstraint(
                name="limit_has_a_bound",
                condition=Q(least__isnull=False) | Q(most__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return gettext("{name}, версия {version}").format(
            name=self.title or self.name, version=self.version
        )

    @property
    def bounds(self) -> Bounds:
        """The bounds of this case, with the version and the source that a value keeps."""
        return Bounds(self.name, self.least, self.most, self.unit, self.version, self.source)


UNFINISHED = ("open", "correcting", "verifying")
DECIDED = ("approved", "rejected", "correcting", "verifying", "closed")


class DeviationQuerySet(models.QuerySet["Deviation"]):
    """Deviations by what they wait for."""

    def open(self) -> DeviationQuerySet:
        """Those that nobody has decided, oldest first."""
        return self.filter(state=Deviation.State.OPEN).order_by("asked_at", "number")

    def unfinished(self) -> DeviationQuerySet:
        """Those that somebody must still do something about, oldest first."""
        return self.filter(state__in=UNFINISHED).order_by("asked_at", "number")

    def of_forms(self) -> DeviationQuerySet:
        """Those that a question of a form waits for: decided by their card."""
        return self.exclude(step="")

    def of_records(self) -> DeviationQuerySet:
        """Those that a record waits with: decided by its transitions."""
        return self.filter(step="")


class Deviation(models.Model):
    """A value outside its limit, with the limit as it was, the evidence, the decision and all
    times.

    `asked_by` is empty when the clock found it. `chat_id` is the chat of the asker, `roles` who may
    decide, `card` the text of the card as spans, `pictures` object
    keys. Levels: 0 asked, 1 reminded, 2 escalated, 3 escalated to the director."""

    RECORD: ClassVar[str] = "deviation"

    class State(models.TextChoices):
        """Where the decision stands; those of the plan's checks go on to a correction that a second
        person verifies (domain 5.9)."""

        OPEN = "open", _("Ждёт решения")
        APPROVED = "approved", _("Согласовано")
        REJECTED = "rejected", _("Отклонено")
        WITHDRAWN = "withdrawn", _("Отозвано")
        CORRECTING = "correcting", _("Исправляют")
        VERIFYING = "verifying", _("Ждёт подтверждения")
        CLOSED = "closed", _("Закрыто")

    id = models.UUIDField(_("Номер запроса"), primary_key=True)
    number = models.CharField(_("Номер"), max_length=20)
    kind = models.CharField(_("Вид"), max_length=40)
    session = models.UUIDField(_("Сессия"), db_index=True)
    flow = models.CharField(_("Форма"), max_length=60)
    step = models.CharField(_("Вопрос"), max_length=200)
    chat_id = models.BigIntegerField(_("Чат спросившего"))
    asked_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто спросил"),
    )
    asked_at = models.DateTimeField(_("Когда спросил"))
    label = models.CharField(_("Что"), max_length=200)
    value_text = models.CharField(_("Значение"), max_length=200)
    value = ThousandthsField(_("Значение числом"), null=True, blank=True)
    least = ThousandthsField(_("Не меньше"), null=True, blank=True)
    most = ThousandthsField(_("Не больше"), null=True, blank=True)
    unit = models.CharField(_("Единица"), max_length=10, blank=True)
    limit = models.CharField(_("Предел"), max_length=60)
    limit_version = models.PositiveIntegerField(_("Версия предела"))
    limit_source = models.CharField(_("Источник предела"), max_length=200, blank=True)
    roles = models.JSONField(_("Кто решает"), default=list)
    card = models.JSONField(_("Карточка"), default=list)
    pictures = models.JSONField(_("Фото"), default=list)
    state = models.CharField(_("Решение"), max_length=12, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто решил"),
    )
    decided_at = models.DateTimeField(_("Когда решено"), null=True, blank=True)
    comment = models.CharField(_("Комментарий"), max_length=500, blank=True)
    warn_at = models.DateTimeField(_("Напомнить"), null=True, blank=True)
    breach_at = models.DateTimeField(_("Срок"), null=True, blank=True)
    warned_at = models.DateTimeField(_("Напомнили"), null=True, blank=True)
    breached_at = models.DateTimeField(_("Срок вышел"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("Уровень"), default=0)
    lot = models.ForeignKey(
        "ledger.Lot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deviations",
        verbose_name=_("Лот"),
    )
    version = models.PositiveIntegerField(_("Версия"), default=1)

    objects = DeviationQuerySet.as_manager()

    class Meta:
        verbose_name = _("отклонение")
        verbose_name_plural = _("отклонения")
        ordering = ["-asked_at"]
        # Every page of the office counts those that wait.
        indexes = [models.Index(fields=["state", "asked_at"], name="deviation_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="deviation_number_is_unique"),
            models.CheckConstraint(
                name="deviation_state_is_known",
                condition=Q(state__in=[*DECIDED, "open", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="deviation_decided_has_decider_and_time",
                condition=~Q(state__in=DECIDED)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="deviation_open_is_not_decided",
                condition=~Q(state="open") | Q(decided_by__isnull=True, decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="deviation_rejection_has_a_reason",
                condition=~Q(state="rejected") | ~Q(comment=""),
            ),
            models.CheckConstraint(name="deviation_level_is_0_to_3", condition=Q(level__lte=3)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def value_said(self) -> str:
        """What was found, as each reader has it: of what a record waits with, its card keeps the
        message."""
        return self.value_text if self.step or not self.card else unpack(self.card[0]["text"])


class Measurement(models.Model):
    """A value that was measured against a limit, with the limit as it was: of a lot, or of a place
    (a check of the plan). Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(
        "ledger.Lot",
        models.PROTECT,
        null=True,
        related_name="measurements",
        verbose_name=_("Лот"),
    )
    check_made = models.ForeignKey(
        "quality.Check",
        models.PROTECT,
        null=True,
        related_name="measurements",
        verbose_name=_("Проверка"),
    )
    name = models.CharField(_("Что"), max_length=60)
    value = ThousandthsField(_("Значение"))
    unit = models.CharField(_("Единица"), max_length=10, blank=True)
    limit = models.CharField(_("Предел"), max_length=60)
    limit_version = models.PositiveIntegerField(_("Версия предела"))
    limit_source = models.CharField(_("Источник предела"), max_length=200, blank=True)
    least = ThousandthsField(_("Не меньше"), null=True, blank=True)
    most = ThousandthsField(_("Не больше"), null=True, blank=True)
    within = models.BooleanField(_("В норме"))
    deviation = models.ForeignKey(
        Deviation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measurements",
        verbose_name=_("Отклонение"),
    )
    at = models.DateTimeField(_("Когда"))
    by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто")
    )

    class Meta:
        verbose_name = _("измерение")
        verbose_name_plural = _("измерения")
        ordering = ["at", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "name", "at"], name="measurement_one_per_name_and_moment"
            ),
            models.CheckConstraint(
                name="measurement_is_of_a_lot_or_a_check",
                condition=Q(lot__isnull=False, check_made__isnull=True)
                | Q(lot__isnull=True, check_made__isnull=False),
            ),
            models.CheckConstraint(
                name="measurement_within_means_inside_the_bounds",
                condition=Q(within=False)
                | (
                    (Q(least__isnull=True) | Q(value__gte=F("least")))
                    & (Q(most__isnull=True) | Q(value__lte=F("most")))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
