"""The work app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    """Names the app for people."""

    name = "crm.work"
    verbose_name = _("Работа")

    def ready(self) -> None:
        """Tell new connections what they are to do."""
        connection_created.connect(_tell)


def _tell(connection: Any, **_named: Any) -> None:
    if connection.vendor == "postgresql":
        from crm.postgres import tell  # noqa: PLC0415  # the driver is not loaded beside SQLite

        tell(connection)
