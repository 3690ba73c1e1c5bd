"""What the office remembers of its people: how each likes to see a list."""

from __future__ import annotations

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
