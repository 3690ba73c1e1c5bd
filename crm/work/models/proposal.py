"""Forms that the office wants to be live: what would change, and whether it was published."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Proposal(models.Model):
    """A change of the forms on its way: files that differ from those it was made from, as a zip,
    and the names of those that go. `base` is the digest of what it was made from; it is published
    only over that, once, and `version` is what then ran."""

    id = models.UUIDField(_("Номер"), primary_key=True)
    by = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("Кто предложил")
    )
    at = models.DateTimeField(_("Когда"))
    reason = models.CharField(_("Причина"), max_length=500)
    base = models.CharField(_("Из чего сделано"), max_length=64, editable=False)
    changed = models.BinaryField(_("Новые файлы"), editable=False)
    removed = models.JSONField(_("Удалённые файлы"), default=list, editable=False)
    version = models.CharField(_("Версия форм"), max_length=64, blank=True)
    published_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Кто опубликовал"),
    )
    published_at = models.DateTimeField(_("Опубликовано"), null=True)

    class Meta:
        verbose_name = _("предложенная версия форм")
        verbose_name_plural = _("предложенные версии форм")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                name="proposal_published_has_version_person_and_time",
                condition=Q(version="", published_by=None, published_at=None)
                | (~Q(version="") & Q(published_by__isnull=False, published_at__isnull=False)),
            ),
            models.CheckConstraint(name="proposal_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)[:8]
