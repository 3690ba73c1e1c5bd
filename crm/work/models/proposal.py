"""Forms that the office wants to be live: what would change, and whether it was published."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals by what became of them."""

    def over(self, at: datetime) -> ProposalQuerySet:
        """Those that nobody has published in their time."""
        return self.filter(version="", at__lte=at - Proposal.KEPT)


class Proposal(models.Model):
    """A change of the forms on its way: files that differ from those it was made from, as a zip,
    and the names of those that go. `base` is the digest of what it was made from; it is published
    only over that, once, and `version` is what then ran. One that nobody publishes is let go of."""

    KEPT: ClassVar = timedelta(days=30)

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

    objects = ProposalQuerySet.as_manager()

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

    @property
    def ends_at(self) -> datetime:
        """Until when it may be published."""
        return self.at + self.KEPT
