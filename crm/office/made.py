"""Files that take long: long exports of lists and long reports, made beside the requests. What was
asked for is a row from the start, what was made a stored file: both outlive the process.

Where workers live, one of them asks the same page again, as the account that asked, and the page
makes the file there (`make_queued`): any process knows how far it is, and another worker begins
anew when that one is killed. Without workers a thread of the office makes it; such a file, if this
process does not know it, belongs to one that ended. Start at `begin`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connections, transaction
from django.http import HttpRequest, QueryDict
from django.urls import resolve
from django.utils import timezone, translation

from crm.bridge.files import open_files
from crm.bridge.papers import File, keep, store
from crm.documents.models import Document
from crm.jobs import queue
from crm.ledger.operations.move_rows import move_rows
from crm.office import files
from crm.office.models import Making
from crm.people.models import Person
from engine.errors import EngineError

log = logging.getLogger(__name__)
_POOL = ThreadPoolExecutor(1, thread_name_prefix="made")  # one at a time: the bot works too
_GOING: dict[UUID, Future[None]] = {}
KIND = "file"  # in the queue
TOLD_S = 0.5  # between updates of the share


@dataclass(slots=True)
class Progress:
    """How far a file is: rows written out of all; none known of a report. `tell` is told of it,
    not of every row."""

    done: int = 0
    all: int = 0
    tell: Callable[[Progress], None] = lambda _: None
    _told: float = 0.0

    def more(self, count: int) -> None:
        """Count rows that were written."""
        self.done += count
        if monotonic() - self._told > TOLD_S:
            self._told = monotonic()
            self.tell(self)


Make = Callable[[Progress], File]


def begin(request: HttpRequest, title: str, make: Make, *, paper_of: Person | None = None) -> UUID:
    """Make a file beside the requests, and with `paper_of` keep it as a document for a person;
    return what to ask `status` for. The same POST makes it again."""
    if (row := asked_again(request)) is not None:
        _make(row, make, paper_of)
        return row.pk
    typed = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    row = Making(
        account_id=int(request.user.pk or 0),
        title=title[:200],
        address=request.get_full_path(),
        typed=typed,
        language=translation.get_language() or "",
        queued=queue.workers() > 0,
        begun_at=timezone.now(),
    )
    _forget(row.account_id)
    with transaction.atomic():
        row.save(force_insert=True)
        if row.queued:
            queue.put(KIND, str(row.pk))
    if not row.queued:
        _GOING[row.pk] = _POOL.submit(_in_thread, row, make, paper_of)
    return row.pk


def asked_again(request: HttpRequest) -> Making | None:
    """Return the file for which a worker asks a page; None when a person does."""
    return getattr(request, "making", None)


def make_queued(identity: str, last: bool) -> None:
    """Make a file that waits in the queue: ask its page as the account did. Raises what that met;
    at the last try the row says so."""
    row = Making.objects.filter(pk=UUID(identity), state=Making.State.GOING).first()
    if row is None:
        return
    request = again(row)
    view = resolve(request.path)
    try:
        with translation.override(row.language):
            view.func(request, *view.args, **view.kwargs)
        row.refresh_from_db()
        if row.state == Making.State.GOING:
            raise EngineError(f"{row.address} makes no file any more")
    except Exception:
        if last:
            _over(row, Making.State.FAILED)
        raise


def again(row: Making) -> HttpRequest:
    """Return the POST that asked for a file."""
    request, (path, _, query) = HttpRequest(), row.address.partition("?")
    request.method, request.path, request.path_info = "POST", path, path
    request.META = {"QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.GET, request.POST = QueryDict(query), QueryDict(mutable=True)  # type: ignore[assignment]
    request.POST.update(row.typed)
    request.user = row.account
    vars(request).update(making=row, session={}, _dont_enforce_csrf_checks=True)
    return request


def failed(row: Making) -> bool:
    """Tell whether a file was not made, also because the process that made it ended."""
    lost = going(row) and not row.queued and row.pk not in _GOING
    return lost or row.state == Making.State.FAILED


def going(row: Making) -> bool:
    """Tell whether a file is being made, or would be if its process lived."""
    return row.state == Making.State.GOING


def share(row: Making) -> int | None:
    """Return how much of a file is made, in whole per cent; None when it is not known."""
    return min(99, 100 * row.done // row.all) if row.all and going(row) else None


def link(row: Making) -> str:
    """Return the link to a file that was made; empty for another."""
    if row.document is not None:
        return files.download(row.document)
    return files.href(row.key, row.name) if row.key else ""


def _forget(account: int) -> None:
    """Let go of exports that are old: they can be made anew. Papers stay."""
    old = Making.objects.filter(account=account, begun_at__lt=timezone.now() - Making.KEPT)
    for row in old.exclude(key=""):
        open_files().delete(row.key)
    old.delete()
    for key in [key for key, one in _GOING.items() if one.done()]:
        del _GOING[key]


def _in_thread(row: Making, make: Make, paper_of: Person | None) -> None:
    try:
        with translation.override(row.language):
            _make(row, make, paper_of)
    except Exception:
        log.exception("file %s", row.pk)
        _over(row, Making.State.FAILED)
        raise
    finally:
        connections.close_all()


def _make(row: Making, make: Make, paper_of: Person | None) -> None:
    mine = Making.objects.filter(pk=row.pk)

    def tell(progress: Progress) -> None:
        try:
            mine.update(done=progress.done, all=progress.all)
        except OperationalError:  # SQLite: somebody wrote while the list is read
            log.info("the share of file %s is told later", row.pk)

    language = settings.LANGUAGE_CODE if paper_of else row.language
    with translation.override(language):
        file = make(Progress(tell=tell))
    if paper_of is None:
        stored = store(open_files(), "export", file, timezone.localtime())
        _over(row, Making.State.DONE, key=stored.key, name=file.name)
        return
    keep(open_files(), f"office:{row.pk}", paper_of, file, timezone.localtime())
    document = Document.objects.get(source_key=f"office:{row.pk}")
    _over(row, Making.State.DONE, document=document)


def _over(row: Making, state: Making.State, **what: Any) -> None:
    move_rows(Making.objects.filter(pk=row.pk), state, ended_at=timezone.now(), **what)
