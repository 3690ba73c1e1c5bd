"""The production app."""

from __future__ import annotations

from django.apps import AppConfig


class ProductionConfig(AppConfig):
    """Names the app for people."""

    name = "crm.production"
    verbose_name = "Производство"
