"""The audit app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Names the app for people."""

    name = "crm.audit"
    verbose_name = _("Контроль")
