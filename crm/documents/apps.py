"""The documents app."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Names the app for people."""

    name = "crm.documents"
    verbose_name = "Документы"
