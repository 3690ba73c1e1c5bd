"""`cli.py manage …`: pass the arguments to Django."""

from __future__ import annotations

import os
import sys

import typer


def manage(context: typer.Context) -> None:
    """Передать команду Django: migrate, check, makemigrations, createsuperuser…"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - heavy

    execute_from_command_line([sys.argv[0], *context.args])
