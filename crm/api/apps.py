"""The API app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Names the app for people."""

    name = "crm.api"
    verbose_name = _("API")
