"""`cli.py verify-audit`: whether what was done is still written as it was."""

from __future__ import annotations

from typing import Annotated

import typer

SHOWN = 20  # wrong rows that are named


def verify_audit(
    processes: Annotated[int, typer.Option(help="Сколько процессов считают.", min=1)] = 2,
    head: Annotated[
        str, typer.Option(help="Последняя печать, записанная раньше: она должна быть в цепи.")
    ] = "",
) -> None:
    """Сверить историю с печатями; код 1 и список строк, если что-то изменено, удалено или
    переставлено."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from django.utils import timezone  # noqa: PLC0415

    from crm.audit.models import Seal  # noqa: PLC0415
    from crm.audit.operations.seal import FIRST  # noqa: PLC0415
    from crm.audit.verify import head as head_now  # noqa: PLC0415
    from crm.audit.verify import resets  # noqa: PLC0415

    now = head_now()
    wrong = everything(processes)
    if head and head != FIRST and not Seal.objects.filter(digest=head).exists():
        wrong.append(f"Печати {head} в цепи нет: её переписали или укоротили")
    for one in wrong[:SHOWN]:
        typer.echo(one)
    for at, table, last in resets():
        typer.echo(
            f"{timezone.localtime(at):%d.%m.%Y %H:%M} завод опустошили: {table} до строки {last}"
        )
    typer.echo(f"Печатей {now.seals}, ещё не запечатано строк {now.unsealed}")
    typer.echo(f"Последняя печать: {now.digest}")
    typer.echo("История та же" if not wrong else f"Не сходится: {len(wrong)}")
    raise typer.Exit(1 if wrong else 0)


def everything(processes: int) -> list[str]:
    """Look through all seals, in several processes where that is asked for."""
    from crm.audit.verify import spans  # noqa: PLC0415 - heavy

    parts = spans(processes)
    if len(parts) < 2:
        return [line for part in parts for line in _part(part)]
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    from django.db import connections  # noqa: PLC0415

    connections.close_all()  # each process opens its own
    with ProcessPoolExecutor(len(parts), mp_context=get_context("fork")) as pool:
        found: list[list[str]] = list(pool.map(_part, parts))
    return [line for lines in found for line in lines]


def _part(span: tuple[int, int]) -> list[str]:
    from crm.audit.verify import verify  # noqa: PLC0415 - heavy

    return [str(one) for one in verify(*span)]
