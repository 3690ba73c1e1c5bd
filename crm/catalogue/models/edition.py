"""What each catalogue and the limits are now, as marks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """The mark of one table, which triggers make another one whenever a row of the table is
    written, by whomever: who knows what was there under a mark need not read it again. A mark that
    was rolled back never comes again. A row a table: who writes one waits for nobody who writes
    another."""

    name = models.CharField(_("Таблица"), max_length=63, primary_key=True)
    mark = models.CharField(_("Метка"), max_length=32)

    class Meta:
        verbose_name = _("состояние справочников")
        verbose_name_plural = _("состояние справочников")

    def __str__(self) -> str:
        return self.mark
