"""The outbox app."""

from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Names the app for people."""

    name = "crm.outbox"
    verbose_name = "Исходящие"
