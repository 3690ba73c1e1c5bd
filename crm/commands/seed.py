"""`cli.py seed`: the first data of a plant."""

from __future__ import annotations

import os

import typer


def seed() -> None:
    """Загрузить справочники, роли и лимиты; повторный запуск добавляет недостающее и не трогает
    правок."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django  # noqa: PLC0415 - heavy

    django.setup()
    from crm.office.seed import seed as load  # noqa: PLC0415

    load()
    typer.echo("Справочники, роли и лимиты загружены")
