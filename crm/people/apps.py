"""The people app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Names the app for people."""

    name = "crm.people"
    verbose_name = _("Люди")
