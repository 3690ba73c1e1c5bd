"""What catalogues and limits are now, as one mark."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """The one row whose mark triggers make another one whenever a row of a catalogue or a limit is
    written, by whomever: who knows what was there under a mark need not read it again. A mark that
    was rolled back never comes again."""

    mark = models.CharField(_("Метка"), max_length=32)

    class Meta:
        verbose_name = _("состояние справочников")
        verbose_name_plural = _("состояние справочников")

    def __str__(self) -> str:
        return self.mark
