"""`cli.py verify-ledger`: whether the books are true and nothing is stuck."""

from __future__ import annotations

import typer


def verify_ledger() -> None:
    """Проверить книги, происхождение, задачи и состояния; код 1, если что-то не сходится."""
    from crm.ready import ready  # noqa: PLC0415 - heavy

    ready(rows=True)
    from crm.bridge.program import program  # noqa: PLC0415
    from crm.bridge.standing import verify_work  # noqa: PLC0415
    from crm.ledger.verify import one_moment, verify  # noqa: PLC0415

    present = program()
    with one_moment():
        found = [*verify(), *verify_work(present)]
    for one in found:
        typer.echo(f"{one.count:>9}  {one.title}")
        for example in one.examples:
            typer.echo(f"{'':>11}{example}")
    wrong = sum(one.count for one in found)
    typer.echo("Всё сходится" if not wrong else f"Не сходится: {wrong}")
    raise typer.Exit(1 if wrong else 0)
