"""The jobs app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Names the app for people."""

    name = "crm.jobs"
    verbose_name = "Фоновая работа"
