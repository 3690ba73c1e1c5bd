"""`cli.py reset`: an empty plant again, with its people and reference data."""

from __future__ import annotations

from typing import Annotated

import typer


def reset(
    apply: Annotated[
        bool, typer.Option("--apply", help="Убрать; без этого — только счёт.")
    ] = False,
    keep_shipments: Annotated[
        bool,
        typer.Option(
            "--keep-shipments",
            help="Оставить ушедшие отгрузки, их паллеты и всё, из чего они сделаны.",
        ),
    ] = False,
    plant: Annotated[str, typer.Option(help="Название завода: вне учебного режима.")] = "",
) -> None:
    """Убрать всё, что завод наработал; справочники, люди, настройки, формы и история остаются.
    Остановите бота, офис и worker и сделайте копию (cli.py backup)."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from crm.bridge.program import program  # noqa: PLC0415
    from crm.care.reset import emptied, held  # noqa: PLC0415
    from crm.configuration import settings  # noqa: PLC0415
    from crm.office.seed import start_plant  # noqa: PLC0415
    from engine.errors import EngineError  # noqa: PLC0415

    name = program().project.plant.name
    if apply and not settings().demo and plant != name:
        typer.echo(f"Не тронуто ничего. Добавьте --plant «{name}»: уберётся всё", err=True)
        raise typer.Exit(1)
    for title, count in held(shipments=keep_shipments).items():
        typer.echo(f"{title}: {count}")
    if not apply:
        typer.echo("Не тронуто ничего. Убрать: --apply")
        return
    try:
        with transaction.atomic():
            count = emptied(timezone.now(), shipments=keep_shipments)
            start_plant()
    except EngineError as wrong:
        typer.echo(f"Не тронуто ничего. {wrong}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Убрано строк: {count}")
