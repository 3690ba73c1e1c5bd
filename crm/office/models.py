"""What the office remembers of its people: how each likes to see a list, which filters he keeps,
which corrections wait for a second person, which files are made for him; which rights its groups
were given."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _


class ColumnSet(models.Model):
    """The columns that an account wants to see in the list of a page; without a row, the usual
    ones."""

    account = models.ForeignKey(
        "auth.User", models.CASCADE, related_name="column_sets", verbose_name=_("Учётная запись")
    )
    page = models.CharField(_("Страница"), max_length=80)
    columns = models.JSONField(_("Столбцы"), default=list)

    class Meta:
        verbose_name = _("набор столбцов")
        verbose_name_plural = _("наборы столбцов")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "page"], name="column_set_is_one_per_account_and_page"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page}: {', '.join(self.columns)}"


class AskedQuerySet(models.QuerySet["Asked"]):
    """Commands for a second person by how they stand."""

    def waiting(self, at: datetime) -> AskedQuerySet:
        """Those that may still be confirmed."""
        return self.filter(answered_at__isnull=True, asked_at__gt=at - Asked.LASTS)

    def over(self, at: datetime) -> AskedQuerySet:
        """Those that nobody has answered in their time."""
        return self.filter(answered_at__isnull=True, asked_at__lte=at - Asked.LASTS)


class Asked(models.Model):
    """A correction that a first person asked for and a second confirms (domain 5, rule 8): on which
    record (`page` as app_model), which one, with what was typed. Answered it stays; unanswered it
    is good for a while: what was true of the store then is so no more."""

    LASTS: ClassVar = timedelta(days=7)

    page = models.CharField(_("Страница"), max_length=80)
    record_id = models.CharField(_("Номер записи"), max_length=40)
    name = models.CharField(_("Команда"), max_length=40)
    typed = models.JSONField(_("Что введено"), default=dict)
    session = models.UUIDField(_("Сессия"), unique=True)
    asked_by = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("Кто попросил")
    )
    asked_at = models.DateTimeField(_("Когда"))
    answered_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Кто ответил"),
    )
    answered_at = models.DateTimeField(_("Когда ответил"), null=True)
    confirmed = models.BooleanField(_("Подтверждена"), null=True)
    declined = models.CharField(_("Почему отклонена"), max_length=500, blank=True)

    objects = AskedQuerySet.as_manager()

    class Meta:
        verbose_name = _("команда на подпись")
        verbose_name_plural = _("команды на подпись")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "record_id", "name"],
                condition=models.Q(answered_at__isnull=True),
                name="correction_is_asked_for_once_at_a_time",
            ),
            models.CheckConstraint(
                name="correction_is_confirmed_by_another_person",
                condition=~models.Q(confirmed=True) | ~models.Q(asked_by=models.F("answered_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.record_id}: {self.name}"

    @property
    def ends_at(self) -> datetime:
        """Until when it may be confirmed."""
        return self.asked_at + self.LASTS


class SavedFilter(models.Model):
    """A filter of a list under a name that its account gave: the query of the list's address."""

    account = models.ForeignKey(
        "auth.User",
        models.CASCADE,
        related_name="saved_filters",
        verbose_name=_("Учётная запись"),
    )
    page = models.CharField(_("Страница"), max_length=80)
    name = models.CharField(_("Название"), max_length=60)
    query = models.CharField(_("Фильтр"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("сохранённый фильтр")
        verbose_name_plural = _("сохранённые фильтры")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "page", "name"],
                name="saved_filter_name_is_one_per_account_and_page",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.name}"


class GivenRight(models.Model):
    """A right that a group was given by the first data, once: who takes it away later keeps it
    away, and a right that a later version brings is given to the groups that are there."""

    group = models.ForeignKey(
        "auth.Group", models.CASCADE, related_name="+", verbose_name=_("Группа")
    )
    right = models.CharField(_("Право"), max_length=120)

    class Meta:
        verbose_name = _("выданное право")
        verbose_name_plural = _("выданные права")
        constraints = [
            models.UniqueConstraint(fields=["group", "right"], name="right_is_given_once")
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.right}"


class Making(models.Model):
    """A file that is made beside the requests, for the account that asked: `address` with what was
    `typed` asks for it again. A list is a file of this row, a report a document."""

    RECORD: ClassVar[str] = "making"
    KEPT: ClassVar = timedelta(days=7)  # how long an exported list can be had again

    class State(models.TextChoices):
        """How far it is."""

        GOING = "going", _("Готовится")
        DONE = "done", _("Готов")
        FAILED = "failed", _("Не получился")

    id = models.UUIDField(_("Номер"), primary_key=True, default=uuid4)
    account = models.ForeignKey(
        "auth.User", models.CASCADE, related_name="+", verbose_name=_("Учётная запись")
    )
    title = models.CharField(_("Название"), max_length=200)
    address = models.TextField(_("Чем сделать ещё раз"))
    typed = models.JSONField(_("Что введено"), default=dict)
    state = models.CharField(
        _("Состояние"), max_length=6, choices=State.choices, default=State.GOING
    )
    begun_at = models.DateTimeField(_("Когда попросили"))
    ended_at = models.DateTimeField(_("Когда сделан"), null=True)
    language = models.CharField(_("Язык"), max_length=10, blank=True)
    queued = models.BooleanField(_("Ждёт очереди"), default=False)
    done = models.PositiveIntegerField(_("Готово строк"), default=0)
    all = models.PositiveIntegerField(_("Всего строк"), default=0)
    key = models.CharField(_("Ключ файла"), max_length=200, blank=True)
    name = models.CharField(_("Имя файла"), max_length=200, blank=True)
    document = models.ForeignKey(
        "documents.Document",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Документ"),
    )

    class Meta:
        verbose_name = _("файл в работе")
        verbose_name_plural = _("файлы в работе")
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(
                name="made_file_is_there",
                condition=~models.Q(state="done")
                | ~models.Q(key="")
                | models.Q(document__isnull=False),
            ),
            models.CheckConstraint(
                name="making_that_ended_has_a_time",
                condition=models.Q(state="going", ended_at__isnull=True)
                | (~models.Q(state="going") & models.Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title
