"""Seals: each holds the digests of some rows of one table, and the digest of the seal before.

Beside them what values records had before they were corrected, and what the checks of each night
found."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Seal(models.Model):
    """The rows of `table` after `after_id` up to `last_id`, as they were when they were sealed.

    `rows` has 24 bytes a row: its id, and the first half of the SHA-256 of what it says. `digest`
    is of all that together with the digest of the seal before, so that no seal can be changed or
    taken away without every later one."""

    number = models.PositiveBigIntegerField(_("Номер"), primary_key=True)
    table = models.CharField(_("Таблица"), max_length=60)
    after_id = models.PositiveBigIntegerField(_("После строки"))
    last_id = models.PositiveBigIntegerField(_("По строку"))
    rows = models.BinaryField(_("Строки"))
    made_at = models.DateTimeField(_("Когда"))
    digest = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("печать")
        verbose_name_plural = _("печати")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["table", "after_id"], name="seal_begins_once_at_a_row"),
            models.CheckConstraint(name="seal_has_rows", condition=Q(last_id__gt=F("after_id"))),
            models.CheckConstraint(name="seal_is_numbered_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.table} {self.after_id + 1}–{self.last_id}"


class ValueChange(models.Model):
    """One value of a record that was overwritten: what it was, what it became. Append-only.

    `record` is the name that history knows (`mix`), or the model's where it knows none
    (`catalogue.supplier`); `part` the line of the record, as it was called then. Values are texts
    of `said_of`: numbers with a point, days as ISO dates, other records by their names."""

    record = models.CharField(_("Запись"), max_length=40)
    record_id = models.CharField(_("Номер записи"), max_length=40)
    part = models.CharField(_("Строка"), max_length=80, blank=True)
    field = models.CharField(_("Что"), max_length=40)
    old = models.CharField(_("Было"), max_length=500, blank=True)
    new = models.CharField(_("Стало"), max_length=500, blank=True)
    by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто")
    )
    reason = models.CharField(_("Причина"), max_length=500, blank=True)
    at = models.DateTimeField(_("Когда"))
    digest = models.CharField(_("Версия форм"), max_length=64, null=True, blank=True)

    class Meta:
        verbose_name = _("изменение значения")
        verbose_name_plural = _("изменения значений")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["record", "record_id"], name="value_by_record"),
            models.Index(fields=["-at", "-id"], name="value_latest"),
        ]
        constraints = [
            models.CheckConstraint(name="value_change_changes", condition=~Q(old=F("new")))
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


class BookCheckQuerySet(models.QuerySet["BookCheck"]):
    """Checks by how far they are."""

    def done(self) -> BookCheckQuerySet:
        """Those that have ended, the last night first."""
        return self.filter(ended_at__isnull=False).order_by("-night")


class BookCheck(models.Model):
    """A night's look at what must always hold (domain 7.6): asked for by the plant's clock, done
    by one of those who sweep. `found` has a title, a count and examples for everything wrong."""

    night = models.DateField(_("Ночь на"), unique=True)
    asked_at = models.DateTimeField(_("Когда попросили"))
    begun_at = models.DateTimeField(_("Начата"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Закончена"), null=True, blank=True)
    wrong = models.PositiveIntegerField(_("Не сходится"), default=0)
    found = models.JSONField(_("Что не сходится"), default=list, blank=True)

    objects = BookCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("ночная проверка")
        verbose_name_plural = _("ночные проверки")
        ordering = ["-night"]
        constraints = [
            models.CheckConstraint(
                name="book_check_ends_after_it_begins",
                condition=Q(ended_at__isnull=True) | Q(begun_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.night:%d.%m.%Y}"
