"""The quality app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualityConfig(AppConfig):
    """Names the app for people."""

    name = "crm.quality"
    verbose_name = _("Качество")
