"""The Lease port over a row. Who has it renews it; who wants it watches.

A right is free when its holder let it go, when he is a process of this machine that has ended, or
when he has not renewed it for the time of the lease, counted by the watcher's own steady clock:
a clock that jumps, on this machine or on that of the database, makes nobody lose it. Start at
`DatabaseLease.take`."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from os import getpid, readlink
from pathlib import Path
from secrets import token_hex

from django.db import connection

from crm.work.models import Lease
from crm.work.operations.lease import let_go, renew, standing, take

POLLING = "polling"  # who asks Telegram for updates
LASTS_S = 36.0  # renewed each nine seconds: an idle plant asks its database little (goals)
BOOT = Path("/proc/sys/kernel/random/boot_id")
START = 19  # the field of /proc/PID/stat after the name that tells when a process began


class DatabaseLease:
    """One process's wish for a right. `lasts_s` must be the same for all who want it."""

    def __init__(
        self,
        name: str = POLLING,
        lasts_s: float = LASTS_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self.lasts_s, self._monotonic = name, lasts_s, monotonic
        self.holder = f"{_process(getpid())}/{token_hex(4)}"
        self._seen: tuple[str, int] | None = None
        self._since = 0.0

    def take(self) -> bool:
        """Renew the right or take it when it is free."""
        if renew(self.name, self.holder):
            return True
        row = standing(self.name)
        return self._is_free(row) and take(row, self.holder)

    def give_up(self) -> None:
        """Let others take it at once, and close the connection of this thread."""
        try:
            let_go(self.name, self.holder)
        finally:
            if not connection.in_atomic_block:
                connection.close()

    def _is_free(self, row: Lease) -> bool:
        if not row.holder or _has_ended(row.holder):
            return True
        now, seen = self._monotonic(), (row.holder, row.beat)
        if seen != self._seen:
            self._seen, self._since = seen, now
        return now - self._since >= self.lasts_s


def _process(pid: int) -> str:
    """Name a process so that no other has the name, also after a restart of the machine or in
    another container; without the number where the system does not tell these things."""
    try:
        space = readlink("/proc/self/ns/pid")
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        if fields[0] in "ZX":  # it has ended, only nobody has asked how
            return "?"
        return f"{BOOT.read_text(encoding='utf-8').strip()} {space} {pid} {fields[START]}"
    except OSError:
        return "?"


def _has_ended(holder: str) -> bool:
    """Tell whether a holder was a process of this machine and of this container that has ended;
    False when that is not known."""
    named = holder.rpartition("/")[0]
    with suppress(ValueError):
        *_, pid, _ = named.split()
        mine = _process(getpid()).split()
        return named.split()[:2] == mine[:2] and _process(int(pid)) != named
    return False
