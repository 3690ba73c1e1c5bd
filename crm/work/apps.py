"""The work app."""

from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Names the app for people."""

    name = "crm.work"
    verbose_name = "Работа"
