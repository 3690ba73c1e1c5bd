"""The sign of life of a process that answers nobody: a file whose time is its last sweep.

A sweep goes through the event loop, a thread and the database, so a process that hangs in one of
them leaves the file alone. Whoever watches compares its age (compose.yaml, docs/care.md)."""

from __future__ import annotations

import logging

from crm.care.metrics import swept
from crm.configuration import settings

log = logging.getLogger(__name__)


def beat() -> None:
    """Remember a sweep for the metrics and touch HEARTBEAT_FILE, if there is one.

    A disk that is full must not end the sweeping."""
    swept()
    configured = settings().heartbeat_file
    if configured is None:
        return
    path = settings().path(configured)
    try:
        path.touch()
    except OSError as error:
        log.warning("no sign of life can be left in %s: %s", path, error)
