"""The ledger app."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Names the app for people."""

    name = "crm.ledger"
    verbose_name = "Учёт"
