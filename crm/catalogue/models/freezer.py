"""Freezers: plate freezers that hold one mix, shockers that hold many pallets."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engine.languages.message import Message


class FreezerQuerySet(models.QuerySet["Freezer"]):
    """Freezers."""

    def active(self) -> FreezerQuerySet:
        """Those that may be loaded, by number."""
        return self.filter(active=True).order_by("kind", "number")


class Freezer(models.Model):
    """A plate freezer (one mix, stands on a line) or a shocker (`capacity` pallets). A load is due
    `min_minutes` after it was put in."""

    class Kind(models.TextChoices):
        """How it freezes."""

        PLATE = "plate", _("Плиточник")
        SHOCK = "shock", _("Шокер")

    kind = models.CharField(_("Вид"), max_length=5, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(_("Номер"))
    line = models.PositiveSmallIntegerField(_("Линия"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(_("Мест"), default=1)
    min_minutes = models.PositiveSmallIntegerField(_("Минут не меньше"))
    active = models.BooleanField(_("Действует"), default=True)

    objects = FreezerQuerySet.as_manager()

    class Meta:
        verbose_name = _("камера")
        verbose_name_plural = _("камеры")
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="freezer_number_is_unique"),
            models.CheckConstraint(
                name="freezer_kind_is_known", condition=Q(kind__in=["plate", "shock"])
            ),
            models.CheckConstraint(
                name="freezer_plate_holds_one_and_stands_on_a_line",
                condition=~Q(kind="plate") | Q(capacity=1, line__in=[1, 2]),
            ),
            models.CheckConstraint(name="freezer_has_places", condition=Q(capacity__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def said(self) -> Message:
        """What it is called where each reads it in his own language: a notice, a refusal."""
        kind = KINDS_SAID[self.Kind(self.kind)]
        return Message("{kind} {number}", {"kind": kind, "number": str(self.number)})

    @property
    def resource(self) -> str:
        """The name of its places in `flows/project.yaml`."""
        return f"{self.kind}_freezers/{self.number}"


KINDS_SAID: Mapping[Freezer.Kind, Message] = {
    Freezer.Kind.PLATE: Message("Плиточник"),
    Freezer.Kind.SHOCK: Message("Шокер"),
}
