"""The work app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    """Names the app for people."""

    name = "crm.work"
    verbose_name = _("Работа")
