"""Reports that take long: made in a thread beside the requests and kept as documents.

The office is one process (`server.py`), so what is being made is known here; what was made is a
row. A restart in between loses the work and says so. Start at `begin`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connections
from django.utils import timezone, translation

from crm.bridge.files import open_files
from crm.bridge.papers import File, keep
from crm.documents.models import Document
from crm.people.models import Person

log = logging.getLogger(__name__)
KEPT = timedelta(hours=1)  # how long a failure is remembered
_POOL = ThreadPoolExecutor(1, thread_name_prefix="report")  # one at a time: the bot works too
_GOING: dict[UUID, Going] = {}


@dataclass(frozen=True, slots=True)
class Going:
    """A report that is being made, or was: for which account, since when."""

    account: int
    title: str
    since: datetime
    future: Future[None]


def begin(account: int, person: Person, title: str, make: Callable[[], File]) -> UUID:
    """Make a report beside the requests; return what to ask `going` and `ready` for."""
    now, key = timezone.now(), uuid4()
    for old in [one for one, going in _GOING.items() if now - going.since > KEPT]:
        if _GOING[old].future.done():
            del _GOING[old]
    _GOING[key] = Going(account, title, now, _POOL.submit(_made, key, person, make))
    return key


def going(key: UUID) -> Going | None:
    """Return what is known of a report that was begun in this process."""
    return _GOING.get(key)


def ready(key: UUID) -> Document | None:
    """Return the document of a report that was made."""
    return Document.objects.select_related("created_for").filter(source_key=_source(key)).first()


def _made(key: UUID, person: Person, make: Callable[[], File]) -> None:
    try:
        with translation.override(settings.LANGUAGE_CODE):
            file = make()
        keep(open_files(), _source(key), person, file, timezone.localtime())
    except Exception:
        log.exception("report %s", key)
        raise
    finally:
        connections.close_all()


def _source(key: UUID) -> str:
    return f"office:{key}"
