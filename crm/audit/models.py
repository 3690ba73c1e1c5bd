"""Seals: each holds the digests of some rows of one table, and the digest of the seal before."""

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
