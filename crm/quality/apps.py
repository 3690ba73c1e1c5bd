"""The quality app."""

from __future__ import annotations

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """Names the app for people."""

    name = "crm.quality"
    verbose_name = "Качество"
