"""Forms over a copy of the shipped folder that nobody has changed yet: what they come to is known,
so the copy is first read when a test has changed it."""

from __future__ import annotations

from functools import cache

from crm.bridge.program import Forms, stamp
from crm.bridge.versions import Read, read_forms
from tests.engine.rehearsal import FLOWS


@cache
def read() -> Read:
    """Return what the shipped folder comes to, read once a worker."""
    return read_forms(FLOWS)


def untouched() -> Forms:
    """Return forms that have just read the folder of the settings, a copy of the shipped one."""
    return Forms(read_at=stamp(), _read=read())
