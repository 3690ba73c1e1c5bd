"""`cli.py manage …`: pass the arguments to Django."""

from __future__ import annotations

import sys

import typer


def manage(context: typer.Context) -> None:
    """Передать команду Django: migrate, check, makemigrations, createsuperuser…"""
    from crm.ready import answering, ready  # noqa: PLC0415 - heavy

    ready()
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    with answering():
        execute_from_command_line([sys.argv[0], *context.args])
