"""How the commands of care speak to a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from rich import progress
from rich.console import Console

from crm.care.copies import CareError


class Bar:
    """A bar that goes along while something is done; `seconds` says how long it took. It is drawn
    on the error output, and only where that is a terminal."""

    def __init__(self, title: str) -> None:
        self._bar = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.TaskProgressColumn(),
            progress.TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task(title, total=None)
        self.seconds = 0.0

    def __enter__(self) -> Bar:
        self._begun = time.monotonic()
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
        self.seconds = time.monotonic() - self._begun

    def told(self, done: int, of: int) -> None:
        """Show how much is done, of how much."""
        self._bar.update(self._task, completed=done, total=of)


@contextmanager
def ending() -> Iterator[None]:
    """End the command with a line for the administrator when it cannot be done."""
    try:
        yield
    except CareError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None
