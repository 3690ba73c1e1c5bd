"""What lies in the store and no row names, and what rows name that is not in the store (domain
12.2): looked for every night, and by `cli.py sweep-files`.

Files of a form are there before it is saved, and a day longer than the form; whoever is storing one
just now has a day for it as well. Start at `look_through`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any

from django.db.models import Max, Q, QuerySet

from crm.documents.models import Document
from crm.jobs.models import Job
from crm.ledger.verify import EXAMPLES, Found
from crm.office.models import Making
from crm.outbox.models import Notice
from crm.people.models import Signature
from crm.quality.models import Deviation
from crm.work.models import Chat, File, Session
from engine.files.local import LocalFiles
from engine.files.small import whole_key
from engine.files.spooled import SpooledFiles
from engine.languages.message import Message
from engine.model.files import StoredKey

LIVES = timedelta(hours=24)  # how long a file stays that no row names
TITLE = Message("Файлы, которых нет в хранилище")
_BATCH = 500  # keys asked for at once
_KEY = re.compile(r'"([a-z][a-z0-9_]*/\d{4}/\d{2}/[0-9a-f-]{36})"')  # in the JSON of rows
_DONE = (Notice.State.SENT, Notice.State.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Looked:
    """Keys that nothing names any more, and keys of rows whose file is not there."""

    unnamed: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def found(self) -> Found:
        """What is wrong, as the checks of the night say it."""
        return Found(TITLE, len(self.missing), self.missing[:EXAMPLES])


def look_through(store: LocalFiles | SpooledFiles, now: datetime) -> Looked:
    """Compare the store with the rows; nothing is changed. Files that come or go meanwhile are
    neither unnamed nor missing. Raises EngineError while the store is away."""
    newest = File.objects.aggregate(last=Max("pk"))["last"] or 0
    seen = bytearray(newest // 8 + 1)  # a bit a row: there may be a million
    papers = _named(Document.objects.all(), Signature.objects.all())
    others = papers | _named(Making.objects.exclude(key="")) | _told(now)
    there, unnamed = set[str](), []
    for keys in _batches(store.keys("")):
        whole = {one.key: whole_key(one.key) or one.key for one in keys}
        asked = File.objects.filter(key__in=set(whole.values()))
        rows = dict(asked.values_list("key", "pk"))
        for one in keys:
            row = rows.get(one.key, 0)
            if 0 < row <= newest:
                seen[row // 8] |= 1 << row % 8
            if one.key in papers:
                there.add(one.key)
            if whole[one.key] not in rows and whole[one.key] not in others:
                unnamed += [one.key] if one.modified < now - LIVES else []
    files = File.objects.filter(pk__lte=newest).values_list("pk", "key").iterator()
    lost = [key for pk, key in files if not seen[pk // 8] >> pk % 8 & 1]
    absent = (key for key in chain(lost, sorted(papers - there)) if not _is_there(store, key))
    return Looked(tuple(unnamed), tuple(absent))


def sweep(store: LocalFiles | SpooledFiles, now: datetime) -> Looked:
    """Delete what nothing names any more, exports that are over among it; return what was found.
    Raises EngineError while the store is away."""
    Making.objects.filter(begun_at__lt=now - Making.KEPT).delete()
    looked = look_through(store, now)
    for key in looked.unnamed:
        store.delete(key)
    return looked


def _told(now: datetime) -> set[str]:
    """Return the keys in what is still going on, or ended less than a day ago: forms, screens,
    background work, letters; and the evidence of deviations, for good."""
    since = now - LIVES
    sessions = Session.objects.filter(
        Q(state__in=[Session.State.TALKING, Session.State.PARKED]) | Q(updated_at__gt=since)
    )
    jobs = Job.objects.filter(Q(state=Job.State.RUNNING) | Q(ended_at__gt=since))
    letters = Notice.objects.exclude(state__in=_DONE)
    values: Iterable[Any] = chain(
        sessions.values_list("answers", "body"),
        Chat.objects.values_list("state"),
        jobs.values_list("arguments", "result"),
        letters.values_list("pictures", "payload"),
        Deviation.objects.exclude(pictures=[]).values_list("pictures"),
    )
    return {key for value in values for key in _KEY.findall(json.dumps(value))}


def _named(*rows: QuerySet[Any, Any]) -> set[str]:
    return {key for some in rows for key in some.values_list("key", flat=True)}


def _batches(keys: Iterator[StoredKey]) -> Iterator[list[StoredKey]]:
    while some := list(islice(keys, _BATCH)):
        yield some


def _is_there(store: LocalFiles | SpooledFiles, key: str) -> bool:
    return any(one.key == key for one in store.keys(key))
