"""What `cli.py demo` does: start everything, tell where it is, wait; or play one delivery and print
what came of it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from crm.configuration import ROOT
from crm.plant.demo import LOGIN, Demo, prepare
from crm.plant.processes import Processes, ProcessFailed

Say = Callable[[str], None]
Play = Callable[[Path, str, Mapping[str, int]], None]
TALK = "receiving/raw_intake.talk"


class Stopped(KeyboardInterrupt):
    """Somebody asked to stop: Ctrl-C or SIGTERM."""


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Stopped


def _heed_signals() -> None:
    """Stop at Ctrl-C and SIGTERM, also where a shell has put the demo into the background: there
    SIGINT is ignored unless asked for."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)


def run_until_stopped(demo: Demo, say: Say) -> int:
    """Start the plant and keep it running until Ctrl-C; return the exit code."""
    _heed_signals()
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
    if demo.past is not None and not demo.past.there:
        say(f"Учебные сутки ({demo.past.days:g}) проживаются один раз, это до минуты на сутки:")
    prepare(demo)
    demo.start_office(processes)
    demo.wait_office(processes)
    say(f"Офис (админка):    {demo.office_url}/admin/   вход: {LOGIN} / {demo.password}")
    say(
        f"Страницы готовы за {time.monotonic() - began:.1f} с. "
        f"Завод учебный, {_lived(demo)}: {demo.folder}"
    )
    demo.start_bot(processes)
    demo.wait_bot(processes)
    say(
        f"Бот на связи через {time.monotonic() - began:.1f} с после запуска. "
        "Откройте телефоны и нажмите «Старт» у приёмщика."
    )
    say("Ctrl-C останавливает всё.")


def _lived(demo: Demo) -> str:
    if demo.past is None:
        return "данные созданы заново"
    return f"прожито суток: {demo.past.days:g} с {demo.past.begins:%d.%m.%Y}"


def run_once(demo: Demo, play: Play, say: Say) -> int:
    """Start the plant, play the straight talk over HTTP, print the result, stop everything; return
    the exit code."""
    _heed_signals()
    began = time.monotonic()
    try:
        with demo.processes() as processes:
            demo.start_phones(processes)
            prepare(demo)
            demo.start_office(processes)
            demo.start_bot(processes)
            demo.wait_bot(processes)
            say(f"Бот на связи через {time.monotonic() - began:.1f} с")
            _play(demo, play, say)
            demo.wait_office(processes)
    except KeyboardInterrupt:
        say("Остановлено.")
        return 1
    except RuntimeError as error:
        say(f"Не получилось: {error}")
        return 1
    say(f"Готово за {time.monotonic() - began:.1f} с, все процессы остановлены")
    return 0


def _play(demo: Demo, play: Play, say: Say) -> None:
    """Play the straight talk and print the batch that it made."""
    from crm.plant.people import chats  # noqa: PLC0415 - Django is set up by now
    from crm.plant.result import wait_for_paper  # noqa: PLC0415

    play(ROOT / "flows" / TALK, demo.phones_url, chats())
    say(wait_for_paper(demo.folder / "files"))
