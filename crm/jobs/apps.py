"""The jobs app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Names the app for people."""

    name = "crm.jobs"
    verbose_name = _("Фоновая работа")
