"""`cli.py seed`: the first data of a plant."""

from __future__ import annotations

import typer


def seed() -> None:
    """Загрузить справочники, роли и лимиты; повторный запуск добавляет недостающее и не трогает
    правок."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from crm.office.seed import seed as load  # noqa: PLC0415

    load()
    typer.echo("Справочники, роли и лимиты загружены")
