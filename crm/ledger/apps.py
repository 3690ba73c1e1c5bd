"""The ledger app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """Names the app for people."""

    name = "crm.ledger"
    verbose_name = _("Учёт")
