"""The catalogue app."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Names the app for people."""

    name = "crm.catalogue"
    verbose_name = "Справочники"
