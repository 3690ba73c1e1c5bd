"""The people app."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Names the app for people."""

    name = "crm.people"
    verbose_name = "Люди"
