"""One demo run: a fresh plant in its own folder, the simulator, the office and the bot, and a login
made for this run.

`prepare` makes the folder, the database and the people; `Demo` starts the processes and knows their
addresses."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from crm.plant.past import DATABASE, FILES, Past
from crm.plant.processes import Processes, ProcessFailed

MARK = ".demo"  # in a folder that a demo may empty
LOGIN = "admin"
BOT_TOKEN = "1:demo"  # noqa: S105 - the simulator's own, worthless anywhere else
PHONES_PORT, OFFICE_PORT = 8090, 8000
PAGES_S, BOT_S = 90.0, 240.0  # after these a start has failed; a process that ends has at once


class Phones(Protocol):
    """The phones of a simulator, as far as a demo needs them:
    `engine.simulator.client.PhoneClient`."""

    def post(self, path: str, body: dict[str, Any]) -> Mapping[str, Any]:
        """Tell the simulator something."""
        ...

    def wait_bot(self, timeout_s: float) -> None:
        """Wait until the bot asks for updates. Raises RuntimeError when the time is over."""
        ...


@dataclass
class Demo:
    """Addresses, folder and login of one run; `connect` opens the phones at an address."""

    connect: Callable[[str], Phones]
    folder: Path
    phones_port: int
    office_port: int
    past: Past | None = None
    password: str = field(default_factory=lambda: secrets.token_urlsafe(9))

    @property
    def phones_url(self) -> str:
        """Address of the phones page."""
        return f"http://127.0.0.1:{self.phones_port}"

    @property
    def office_url(self) -> str:
        """Address of the office."""
        return f"http://127.0.0.1:{self.office_port}"

    @property
    def env(self) -> dict[str, str]:
        """The environment of every process of this run."""
        return {
            "MEATBOT_DEMO": "1",
            "DATABASE_URL": f"sqlite:///{self.folder / DATABASE}",
            "FILES_DIR": str(self.folder / FILES),
            "PUBLIC_URL": self.office_url,
            "TELEGRAM_API_URL": self.phones_url,
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "MINIO_ENDPOINT": "",
            "PYTHONUNBUFFERED": "1",
        }

    def processes(self) -> Processes:
        """Make the folder anew and return the processes of this run, none started yet."""
        if (
            self.folder.exists()
            and any(self.folder.iterdir())
            and not (self.folder / MARK).exists()
        ):
            raise ProcessFailed(
                f"в папке {self.folder} лежит что-то другое; укажите пустую: --folder"
            )
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / FILES).mkdir(parents=True)
        (self.folder / MARK).touch()
        return Processes(self.folder / "logs", self.env)

    def start_phones(self, processes: Processes) -> None:
        """Start the simulator and wait until its page answers."""
        processes.start(
            "simulator",
            "simulator",
            "--port",
            str(self.phones_port),
            "--admin-url",
            f"{self.office_url}/admin/",
        )
        processes.wait_for(self.phones_url, PAGES_S)

    def start_office(self, processes: Processes) -> None:
        """Start the office; `wait_office` waits for it."""
        processes.start("web", "web", "--port", str(self.office_port))

    def start_bot(self, processes: Processes) -> None:
        """Start the bot; `wait_bot` waits for it."""
        processes.start("bot", "bot")

    def wait_office(self, processes: Processes) -> None:
        """Wait until the sign-in page answers."""
        processes.wait_for(f"{self.office_url}/admin/login/", PAGES_S)

    def wait_bot(self, processes: Processes) -> float:
        """Wait until the bot asks for updates and return how many seconds that took."""
        began = time.monotonic()
        phones = self.connect(self.phones_url)
        while time.monotonic() - began < BOT_S:
            processes.check()
            try:
                phones.wait_bot(1.0)
            except RuntimeError:
                continue
            return time.monotonic() - began
        raise ProcessFailed(f"бот не вышел на связь за {BOT_S:.0f} с; журналы: {processes.logs}")


def prepare(demo: Demo) -> None:
    """Make the database, its past, the people and the login of this run.

    Sets the environment of this process: it must not have read the settings before."""
    if demo.past is not None:
        demo.past.fetch(demo.folder, demo.env)
    os.environ.update(demo.env, DJANGO_SETTINGS_MODULE="crm.settings")
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from crm.plant.people import hand_out_phones, make_plant  # noqa: PLC0415

    make_plant(LOGIN, demo.password)
    hand_out_phones(demo.connect(demo.phones_url))
