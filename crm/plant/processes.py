"""The processes of one demo run: started in their own groups, watched, and stopped every one of
them.

Knows how to run `cli.py` commands and wait for an address; not what they do. Start at
`Processes`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.error import URLError
from urllib.request import urlopen

from crm.configuration import ROOT

STOP_S = 8.0  # a process that is still there this long after SIGTERM is killed


class ProcessFailed(RuntimeError):
    """A process ended by itself; the text holds the end of its log."""


def free_port(wanted: int = 0) -> int:
    """Return the wanted loopback port when it is free, otherwise any free one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on the loopback address")


@dataclass
class Processes:
    """The running processes with their logs in `logs`.

    A context manager: leaving stops all of them."""

    logs: Path
    env: Mapping[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> Processes:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start `cli.py` with arguments; its output goes to `<name>.log`."""
        with (self.logs / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
                [sys.executable, str(ROOT / "cli.py"), *arguments],
                cwd=ROOT,
                env={**os.environ, **self.env},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.running[name] = process
        return process

    def check(self) -> None:
        """Raise ProcessFailed when one has ended by itself."""
        for name, process in self.running.items():
            if process.poll() is not None:
                log = (self.logs / f"{name}.log").read_text(errors="replace")
                raise ProcessFailed(
                    f"процесс {name} закончился с кодом {process.returncode}:\n{log[-2000:]}"
                )

    def wait_for(self, url: str, seconds: float) -> None:
        """Wait until an address answers.

        Raises ProcessFailed when a process ends or the time is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.check()
            try:
                with urlopen(url, timeout=5):  # noqa: S310 - a loopback address that we chose
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        raise ProcessFailed(f"{url} не ответил за {seconds:.0f} с; журналы: {self.logs}")

    def stop(self) -> None:
        """Stop every process: first all are asked, then those that stay are killed, with what they
        started."""
        alive = [process for process in self.running.values() if process.poll() is None]
        for process in alive:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        for process in alive:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
        self.running.clear()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # it ended between the look and the signal
