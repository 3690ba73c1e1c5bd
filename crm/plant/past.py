"""What a demo plant lived through before it is shown: simulated days, built once and kept as long
as nothing that made them changes.

Start at `Past.fetch`."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from crm.configuration import ROOT
from crm.plant.processes import ProcessFailed

SEED = 1
DAY_BEGINS = 7  # hour of the plant
PARTS = ("crm/**/*.py", "engine/**/*.py", "flows/**/*.yaml", "templates/**/*.docx")
DATABASE, FILES = "plant.sqlite3", "files"


def last_morning(now: datetime) -> date:
    """Return the production day that began last.

    >>> last_morning(datetime(2026, 11, 26, 6, 59)), last_morning(datetime(2026, 11, 26, 7))
    (datetime.date(2026, 11, 25), datetime.date(2026, 11, 26))
    """
    return (now - timedelta(hours=DAY_BEGINS)).date()


def digest(root: Path = ROOT) -> str:
    """Return what changes when the code, the forms or the layouts do."""
    made = sha256()
    for path in sorted(path for part in PARTS for path in root.glob(part)):
        made.update(str(path.relative_to(root)).encode())
        made.update(path.read_bytes())
    return made.hexdigest()[:16]


@dataclass(frozen=True)
class Past:
    """Days before a moment, kept in a folder of their own under `kept`."""

    days: float
    now: datetime
    kept: Path = ROOT / "var" / "plants"

    @property
    def begins(self) -> date:
        """The first day."""
        return last_morning(self.now) - timedelta(days=max(1, round(self.days)))

    @property
    def folder(self) -> Path:
        """Where these days are kept."""
        return self.kept / f"{last_morning(self.now)}-{self.days:g}-{digest()}"

    @property
    def there(self) -> bool:
        """Tell whether they are built."""
        return (self.folder / DATABASE).exists()

    def fetch(self, into: Path, env: Mapping[str, str]) -> None:
        """Put the database and the files of these days into a folder, building them first when
        they are not there; who asks meanwhile waits. Raises ProcessFailed when they cannot be
        built."""
        with self._alone():
            if not self.there:
                self._build(env)
        shutil.copy2(self.folder / DATABASE, into / DATABASE)
        shutil.copytree(self.folder / FILES, into / FILES, dirs_exist_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.kept.mkdir(parents=True, exist_ok=True)
        with (self.kept / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _build(self, env: Mapping[str, str]) -> None:
        unfinished = self.kept / f".{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        (unfinished / FILES).mkdir(parents=True)
        try:
            self._live(unfinished, env)
            for other in self._others():
                shutil.rmtree(other, ignore_errors=True)
            shutil.rmtree(self.folder, ignore_errors=True)
            unfinished.rename(self.folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def _live(self, folder: Path, env: Mapping[str, str]) -> None:
        """Simulate the days in a process of its own, whose clock is another."""
        command = [
            *(sys.executable, str(ROOT / "cli.py"), "simulate", "--files"),
            *("--days", f"{self.days:g}", "--seed", str(SEED), "--start", f"{self.begins}"),
            *("--database", f"sqlite:///{folder / DATABASE}"),
        ]
        own = {**os.environ, **env, "FILES_DIR": str(folder / FILES)}
        with subprocess.Popen(command, cwd=ROOT, env=own, stdin=subprocess.DEVNULL) as process:  # noqa: S603 - our own program with our own arguments
            try:
                code = process.wait()
            except BaseException:
                process.terminate()
                raise
        if code:
            raise ProcessFailed(f"учебные сутки не построились (код {code})")

    def _others(self) -> Iterator[Path]:
        """Return what is kept of other code or of another today: it is never used again."""
        today, code = f"{last_morning(self.now)}-", f"-{digest()}"
        for path in self.kept.iterdir():
            name = path.name
            if name[0] != "." and not (name.startswith(today) and name.endswith(code)):
                yield path
