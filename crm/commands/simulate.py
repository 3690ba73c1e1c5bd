"""`cli.py simulate`: days of a plant of forty workers, in this process, on a simulated clock."""

from __future__ import annotations

import gc
import os
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crm.plant.simulate import Outcome, Told

FRESH = "sqlite:///var/simulated.sqlite3"


def simulate(
    days: Annotated[float, typer.Option(min=0.01, help="Сколько суток прожить.")] = 1.0,
    seed: Annotated[int, typer.Option(help="То же зерно — те же сутки.")] = 1,
    database: Annotated[
        str, typer.Option(help="База: sqlite:///путь или postgres://…; её завод продолжит жить.")
    ] = FRESH,
    start: Annotated[
        datetime, typer.Option(help="Первые сутки нового завода.", formats=["%Y-%m-%d"])
    ] = datetime(2026, 11, 2),  # noqa: DTZ001 - a day of the plant, in its own zone
    files: Annotated[
        bool, typer.Option("--files", help="Хранить фото и делать документы.")
    ] = False,
) -> None:
    """Прожить сутки завода: сорок рабочих разговаривают с ботом в этом процессе, часы — учебные."""
    os.environ.update(
        MEATBOT_DEMO="1",
        DATABASE_URL=database,
        LOG_LEVEL="WARNING",
    )
    from crm.ready import answering, ready  # noqa: PLC0415 - heavy

    ready()
    from crm.plant import base  # noqa: PLC0415

    try:
        with answering():
            base.open_plant()
    except base.NotSimulated as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    done = _run(base.begin_at(start), days, seed, files=files)
    base.put_phones_away()
    base.close()
    _say(done)


def _run(begin: datetime, days: float, seed: int, *, files: bool) -> Outcome:
    from crm.bridge.files import open_files  # noqa: PLC0415 - Django is set up by now
    from crm.plant.clock import PlantClock  # noqa: PLC0415
    from crm.plant.simulate import simulate as live  # noqa: PLC0415

    gc.freeze()  # the forms stay: looking through them again and again took a tenth of the time
    with PlantClock(begin) as clock, _Progress(begin, days) as told:
        return live(clock, days, seed, files=open_files() if files else None, told=told.told)


def _say(done: Outcome) -> None:
    slips = ", ".join(f"{name} {count}" for name, count in done.slips.items())
    typer.echo(
        f"Прожито суток: {done.days:g}. Действий рабочих: {done.turns}, "
        f"{done.rate:.0f} в секунду, всего {done.seconds:.1f} с"
    )
    made = done.made
    typer.echo("Сделано: " + ", ".join(f"{title} {count}" for title, count in made.counts.items()))
    kg = f"сырья {made.received} кг, на склад {made.accepted} кг, отгружено {made.shipped} кг"
    typer.echo(f"Принято: {kg}")
    typer.echo(f"Ошибки рабочих: {slips or 'нет'}. Брошено форм: {done.given_up}")


class _Progress:
    """A bar over the days, drawn once a second: drawing takes the processor from the plant."""

    def __init__(self, begin: datetime, days: float) -> None:
        from rich import progress  # noqa: PLC0415 - heavy

        self._begin = begin
        self._bar = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.TaskProgressColumn(),
            progress.TimeElapsedColumn(),
            refresh_per_second=1,
        )
        self._task = self._bar.add_task("Завод работает", total=days * 86_400)

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __exit__(self, *of: object) -> None:
        self._bar.stop()

    @property
    def told(self) -> Told:
        """What a run tells where it is."""

        def told(at: datetime) -> None:
            seconds = (at - self._begin).total_seconds()
            self._bar.update(self._task, completed=seconds, description=f"{at:%d.%m %H:%M}")

        return told
