"""The outbox app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Names the app for people."""

    name = "crm.outbox"
    verbose_name = _("Исходящие")
