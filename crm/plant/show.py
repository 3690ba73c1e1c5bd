"""What `cli.py demo` does: start everything, tell where it is, wait; or play one delivery and print what came of it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType

from crm.configuration import ROOT
from crm.plant.demo import LOGIN, Demo, prepare
from crm.plant.processes import ProcessFailed, Processes

Say = Callable[[str], None]
TALK = "receiving/raw_intake.talk"


class Stopped(KeyboardInterrupt):
    """Somebody asked to stop: Ctrl-C or SIGTERM."""


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Stopped


def run_until_stopped(say: Say) -> int:
    """Start the plant and keep it running until Ctrl-C; return the exit code."""
    signal.signal(signal.SIGTERM, _stop)
    demo = Demo()
    try:
        with demo.processes() as processes:
            _start(demo, processes, say)
            while True:
                processes.check()
                time.sleep(0.5)
    except KeyboardInterrupt:
        say("\nОстановлено: телефоны, офис и бот завершены.")
        return 0
    except ProcessFailed as error:
        say(f"Не запустилось: {error}")
        return 1


def _start(demo: Demo, processes: Processes, say: Say) -> None:
    began = time.monotonic()
    demo.start_phones(processes)
    say(f"Телефоны рабочих:  {demo.phones_url}/   (бот запускается…)")
    prepare(demo)
    demo.start_office(processes)
    demo.wait_office(processes)
    say(f"Офис (админка):    {demo.office_url}/admin/   вход: {LOGIN} / {demo.password}")
    say(
        f"Страницы готовы за {time.monotonic() - began:.1f} с. Завод учебный, данные созданы заново: {demo.folder}"
    )
    demo.start_bot(processes)
    demo.wait_bot(processes)
    say(
        f"Бот на связи через {time.monotonic() - began:.1f} с после запуска. Откройте телефоны и нажмите «Старт» у приёмщика."
    )
    say("Ctrl-C останавливает всё.")


def run_once(say: Say) -> int:
    """Start the plant without pages to look at, play the straight talk over HTTP, print the result, stop everything."""
    from engine.simulator.play import play_over_http  # noqa: PLC0415

    signal.signal(signal.SIGTERM, _stop)
    began = time.monotonic()
    demo = Demo(phones_port=_any_port(), office_port=_any_port())
    try:
        with demo.processes() as processes:
            demo.start_phones(processes)
            prepare(demo)
            demo.start_office(processes)
            demo.start_bot(processes)
            demo.wait_bot(processes)
            say(f"Бот на связи через {time.monotonic() - began:.1f} с")
            play_over_http(ROOT / "flows" / TALK, demo.phones_url, _chats())
            demo.wait_office(processes)
            say(_result())
    except KeyboardInterrupt:
        say("Остановлено.")
        return 1
    except ProcessFailed as error:
        say(f"Не получилось: {error}")
        return 1
    say(f"Готово за {time.monotonic() - began:.1f} с, все процессы остановлены")
    return 0
