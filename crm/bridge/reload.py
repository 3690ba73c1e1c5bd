"""Forms that are saved while the bot runs: read beside its work, taken over when they are right,
reported to the technologists when they are not.

Start at `Reloader.run`. The folder is polled: notices of the system get lost on mounted folders,
and looking costs a millisecond."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable

from django.db import transaction

from crm.bridge.announce import tell_broken, tell_updated
from crm.bridge.program import AGAIN_S, Forms, Stamp, folder, stamp
from crm.bridge.versions import Read, keep, read_forms
from engine.errors import Finding
from engine.schedule import Caller

log = logging.getLogger(__name__)
EVERY_S = 0.25  # between two looks
SOON_S = 0.1  # after one that saw a change: two that see the same mean that the saving is done

Said = frozenset[tuple[str, str, str]]


def said(findings: Iterable[Finding]) -> Said:
    """Return what makes two sets of findings the same message: not the lines, which move while
    somebody types."""
    return frozenset((one.place.path, one.code, str(one.message)) for one in findings)


class Reloader:
    """Takes over what is saved. `call` runs database work, `done` is called when notices were
    written. `started` is what the bot began with."""

    def __init__(self, forms: Forms, started: Read, call: Caller, done: Callable[[], None]) -> None:
        self._forms, self._call, self._done = forms, call, done
        self._seen: Stamp = forms.read_at
        self._told: Said = frozenset()
        self._first: Read | None = started if started.findings else None
        self._waits: Read | None = None
        self._asked = 0.0

    async def run(self) -> None:
        """Look again and again until cancelled; a failure is logged and the next look goes on."""
        while True:
            calm = True
            try:
                calm = await self.look()
            except Exception:  # a database or a disk that is away must not end the looking
                log.exception("the forms could not be read")
            await asyncio.sleep(EVERY_S if calm else SOON_S)

    async def look(self) -> bool:
        """Read the forms when they were changed and are not being saved any more; tell whether they
        were at rest."""
        if self._first is not None:
            await self._settle(self._first)
            self._first = None
        now = await asyncio.to_thread(stamp)
        calm, self._seen = now == self._seen, now
        if now == self._forms.read_at:
            await self._ask_again()
        if now == self._forms.read_at or not calm:
            return calm
        read = await asyncio.to_thread(read_forms, folder())
        if await asyncio.to_thread(stamp) != now:  # half of it was read
            return False
        await self._settle(read)
        self._forms.read_at = now
        return True

    async def _ask_again(self) -> None:
        """Settle once more what records kept from running: they may have left."""
        if self._waits is not None and time.monotonic() - self._asked >= AGAIN_S:
            await self._settle(self._waits)

    async def _settle(self, read: Read) -> None:
        self._told = await self._call(lambda: self._taken(read))
        self._done()

    def _taken(self, read: Read) -> Said:
        """Take a sound Program over that strands no record, or tell what is wrong: rows first,
        then the Program."""
        read = self._forms.weigh(read)
        self._waits, self._asked = (read if read.waits else None), time.monotonic()
        findings = said(read.findings)
        if read.program is None:
            if findings != self._told:
                log.warning("%s findings in the forms that were saved", len(read.findings))
                tell_broken(read.findings)
            return findings
        new = read.program.digest != self._forms.present().digest
        with transaction.atomic():
            if new:
                keep(read)
            if new or self._told:
                tell_updated(read.program.digest, read.meanwhile)
        self._forms.replace(read.program)
        log.info("the forms are version %s", read.program.digest[:8])
        return frozenset()
