"""The production app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductionConfig(AppConfig):
    """Names the app for people."""

    name = "crm.production"
    verbose_name = _("Производство")
