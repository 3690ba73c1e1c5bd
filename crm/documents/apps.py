"""The documents app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Names the app for people."""

    name = "crm.documents"
    verbose_name = _("Документы")
