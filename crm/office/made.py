"""Files that take long: long exports of lists and long reports, made in a thread beside the
requests. What was asked for is a row from the start, what was made a stored file: both outlive the
process.

The office is one process (`server.py`), so a row that is still being made and is not known here
belongs to a process that ended: its file was not made. Start at `begin`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.utils import timezone, translation

from crm.bridge.files import open_files
from crm.bridge.papers import File, keep, store
from crm.documents.models import Document
from crm.office import files
from crm.office.models import Making
from crm.people.models import Person

log = logging.getLogger(__name__)
KEPT = timedelta(days=7)  # how long an exported list can be had again
_POOL = ThreadPoolExecutor(1, thread_name_prefix="made")  # one at a time: the bot works too
_GOING: dict[UUID, Going] = {}


@dataclass(slots=True)
class Progress:
    """How far a file is: rows written out of all; none known of a report."""

    done: int = 0
    all: int = 0

    @property
    def percent(self) -> int | None:
        """The share, in whole per cent; None when it is not known."""
        return min(99, 100 * self.done // self.all) if self.all else None


@dataclass(frozen=True, slots=True)
class Going:
    """A file that is being made in this process."""

    future: Future[None]
    progress: Progress = field(default_factory=Progress)


Make = Callable[[Progress], File]


def begin(request: HttpRequest, title: str, make: Make, *, paper_of: Person | None = None) -> UUID:
    """Make a file beside the requests, and with `paper_of` keep it as a document for a person;
    return what to ask `status` for. The same POST makes it again."""
    typed = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    row = Making.objects.create(
        account_id=int(request.user.pk or 0),
        title=title[:200],
        address=request.get_full_path(),
        typed=typed,
        begun_at=timezone.now(),
    )
    _forget(row.account_id)
    progress = Progress()
    language = settings.LANGUAGE_CODE if paper_of else translation.get_language()
    future = _POOL.submit(_made, row.pk, make, progress, language, paper_of)
    _GOING[row.pk] = Going(future, progress)
    return row.pk


def going(row: Making) -> Going | None:
    """Return how far a file is that is being made now; None for one that was made or failed."""
    return _GOING.get(row.pk) if row.state == Making.State.GOING else None


def failed(row: Making) -> bool:
    """Tell whether a file was not made, also because the process that made it ended."""
    lost = row.state == Making.State.GOING and row.pk not in _GOING
    return lost or row.state == Making.State.FAILED


def link(row: Making) -> str:
    """Return the link to a file that was made; empty for another."""
    if row.document is not None:
        return files.download(row.document)
    return files.href(row.key, row.name) if row.key else ""


def _forget(account: int) -> None:
    """Let go of exports that are old: they can be made anew. Papers stay."""
    old = Making.objects.filter(account=account, begun_at__lt=timezone.now() - KEPT)
    for row in old.exclude(key=""):
        open_files().delete(row.key)
    old.delete()
    for key in [key for key, one in _GOING.items() if one.future.done()]:
        del _GOING[key]


def _made(
    key: UUID, make: Make, progress: Progress, language: str | None, paper_of: Person | None
) -> None:
    mine = Making.objects.filter(pk=key)
    try:
        with translation.override(language):
            file = make(progress)
        now = timezone.localtime()
        if paper_of is None:
            stored = store(open_files(), "export", file, now)
            done: dict[str, Any] = {"key": stored.key, "name": file.name}
        else:
            keep(open_files(), f"office:{key}", paper_of, file, now)
            done = {"document": Document.objects.get(source_key=f"office:{key}")}
        mine.update(state=Making.State.DONE, ended_at=now, **done)
    except Exception:
        log.exception("file %s", key)
        mine.update(state=Making.State.FAILED, ended_at=timezone.now())
        raise
    finally:
        connections.close_all()
