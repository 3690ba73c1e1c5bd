"""The journal in a file that never fills the disk, whichever processes share it."""

from __future__ import annotations

import fcntl
import logging
import os
from logging.handlers import WatchedFileHandler
from pathlib import Path

LARGEST = 20_000_000  # bytes; then the file makes room
KEPT = 5  # files of before, `plant.log.1` the youngest


class SharedFile(WatchedFileHandler):
    """Rotates by size under a lock of all processes; each writes on in the file that is there: one
    that was moved away, by us or by logrotate, is opened anew."""

    def __init__(self, filename: str, *, largest: int = LARGEST, kept: int = KEPT) -> None:
        super().__init__(filename, encoding="utf-8")
        self._path, self._largest, self._kept = Path(filename), largest, kept

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, in a new file where the present one is full."""
        try:
            if self._is_full():
                self._make_room()
        except OSError:
            self.handleError(record)
        super().emit(record)

    def _is_full(self) -> bool:
        try:
            return self._path.stat().st_size >= self._largest
        except FileNotFoundError:
            return False

    def _make_room(self) -> None:
        lock = os.open(f"{self._path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._is_full():  # nobody else was first
                for age in range(self._kept - 1, 0, -1):
                    if self._old(age).exists():
                        self._old(age).replace(self._old(age + 1))
                self._path.replace(self._old(1))
        finally:
            os.close(lock)

    def _old(self, age: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{age}")
