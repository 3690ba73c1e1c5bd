"""`cli.py demo`: the whole product on this machine, on the embedded default."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

ZONE = "Europe/Moscow"  # of the settings, which a demo may not read before its database is named


def demo(
    once: Annotated[
        bool,
        typer.Option("--once", help="Без людей: сыграть приёмку, напечатать итог и закончить."),
    ] = False,
    folder: Annotated[
        Path, typer.Option(help="Где завести учебный завод; папка создаётся заново.")
    ] = Path("var/demo"),
    days: Annotated[
        float, typer.Option(min=0, help="Сколько суток завод прожил до показа; 0 — пустой завод.")
    ] = 1.0,
    any_port: Annotated[
        bool, typer.Option("--any-port", help="Любые свободные порты вместо 8090 и 8000.")
    ] = False,
) -> None:
    """Запустить учебный завод: телефоны, офис и бот на этой машине; Ctrl-C останавливает всё."""
    from datetime import datetime  # noqa: PLC0415 - together with what it is for
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    from crm.plant.demo import OFFICE_PORT, PHONES_PORT, Demo  # noqa: PLC0415 - heavy
    from crm.plant.past import Past  # noqa: PLC0415
    from crm.plant.processes import free_port  # noqa: PLC0415
    from crm.plant.show import run_once, run_until_stopped  # noqa: PLC0415
    from engine.simulator.client import PhoneClient  # noqa: PLC0415

    phones, office = (0, 0) if once or any_port else (PHONES_PORT, OFFICE_PORT)
    past = Past(days, datetime.now(ZoneInfo(ZONE))) if days and not once else None
    plant = Demo(PhoneClient, folder.resolve(), free_port(phones), free_port(office), past)
    raise typer.Exit(
        run_once(plant, _play, typer.echo) if once else run_until_stopped(plant, typer.echo)
    )


def _play(talk: Path, url: str, chats: Mapping[str, int]) -> None:
    """Play a talk over HTTP. Raises RuntimeError with the line that did not come true."""
    from engine.simulator.play import play_over_http  # noqa: PLC0415
    from engine.talk.parse import TalkError  # noqa: PLC0415

    try:
        play_over_http(talk, url, chats)
    except TalkError as error:
        raise RuntimeError(str(error)) from error
