"""The plant itself, as a record: what happens by the clock alone hangs on it (domain 14.9)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Plant(models.Model):
    """The one plant. While it works, its lifecycle sends the digests of the shifts."""

    RECORD: ClassVar[str] = "plant"

    class State(models.TextChoices):
        """Whether it works; `new` is before its first day."""

        NEW = "new", _("Новый")
        WORKS = "works", _("Работает")
        RESTS = "rests", _("Стоит")

    state = models.CharField(_("Состояние"), max_length=5, choices=State.choices, default=State.NEW)
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("завод")
        verbose_name_plural = _("заводы")
        constraints = [models.CheckConstraint(name="plant_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.get_state_display()
