"""A store that may be away, with a folder beside it: what the store does not take is kept there and
sent when it is back. Nothing that was confirmed is lost to an outage, or to a death during one.

A file waits under its own key; its type lies beside it and is written first, deleted last: whatever
has one is still to be sent, and sent twice it is the same. Start at `SpooledFiles`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic

from engine.files.errors import FileMissing, StoreUnavailable
from engine.files.keys import checked, described
from engine.files.local import LocalFiles
from engine.files.minio import MinioFiles
from engine.model.files import StoredFile, StoredKey

log = logging.getLogger(__name__)

UNFINISHED = timedelta(hours=1)  # whoever keeps a file has ended by then
REST_S = 30.0  # how long a store that was away is not asked again
_TYPE = ".type"  # ends the key of the file with the type of another


class SpooledFiles:
    """The Files port on `store`, with `folder` for what it does not take. Links to what waits lead
    to whoever serves the folder; with the store away there is no link to anything else."""

    def __init__(
        self, store: MinioFiles, folder: LocalFiles, clock: Callable[[], float] = monotonic
    ) -> None:
        self.store, self._folder, self._clock = store, folder, clock
        self._asks_at = 0.0  # not before

    def prepare(self) -> None:
        """Make the bucket if there is none; a store that is away does not keep us from work."""
        self._tried(self.store.prepare)

    def put(self, key: str, content: bytes, mime: str) -> StoredFile:
        """Store content under a key, or keep it until the store is back."""
        if self._tried(lambda: self.store.put(key, content, mime)):
            return described(key, content, mime)
        self._folder.put(key + _TYPE, mime.encode(), "text/plain")
        return self._folder.put(key, content, mime)

    def get(self, key: str) -> bytes:
        """Return the content. Raises FileMissing or StoreUnavailable."""
        try:
            return self._folder.get(key)
        except FileMissing:
            return self.store.get(key)

    def delete(self, key: str) -> None:
        """Delete a key; an absent one is fine."""
        self._folder.delete(key)
        self._folder.delete(key + _TYPE)
        self.store.delete(key)

    def link(self, key: str, seconds: int, name: str) -> str:
        """Return a link that opens the file, under this name, for so many seconds. Raises
        StoreUnavailable for what only a store that is away could show."""
        if self._waits(key):
            return self._folder.link(key, seconds, name)
        if self._clock() < self._asks_at:
            raise StoreUnavailable(f"{checked(key)}: the store is away")
        return self.store.link(key, seconds, name)

    def keys(self, prefix: str) -> Iterator[StoredKey]:
        """Return keys that start with `prefix`: those that wait, then those of the store."""
        waiting = {one.key: one for one in self.waiting()}
        yield from (one for key, one in sorted(waiting.items()) if key.startswith(prefix))
        yield from (one for one in self.store.keys(prefix) if one.key not in waiting)

    def waiting(self) -> Iterator[StoredKey]:
        """Return what is still to be sent, with when it was kept."""
        for one in self._folder.keys(""):
            if one.key.endswith(_TYPE):
                yield StoredKey(one.key.removesuffix(_TYPE), one.modified)

    def send(self) -> int:
        """Send what waits, as far as the store takes it; return how many files went. Any number of
        processes may do so at once, also killed ones."""
        sent = 0
        for one in list(self.waiting()):
            went = self._sent(one)
            if went is None:
                break
            sent += went
        if sent:
            log.info("files that waited for the store and were sent: %s", sent)
        return sent

    def _sent(self, one: StoredKey) -> bool | None:
        """Tell whether this process sent it; None when the store is away."""
        key = one.key
        try:
            content, mime = self._folder.get(key), self._folder.get(key + _TYPE).decode()
        except FileMissing:  # another process was first, is just keeping it, or died before it had
            if datetime.now(UTC) - one.modified > UNFINISHED:
                self._folder.delete(key + _TYPE)
            return False
        if not self._tried(lambda: self.store.put(key, content, mime)):
            return None
        self._folder.delete(key)
        self._folder.delete(key + _TYPE)
        return True

    def _waits(self, key: str) -> bool:
        try:
            self._folder.get(key + _TYPE)
        except FileMissing:
            return False
        return True

    def _tried(self, do: Callable[[], object]) -> bool:
        """Tell whether the store did it. One that was away is let rest: a worker who waits for his
        answer should not wait for it again and again."""
        if self._clock() < self._asks_at:
            return False
        try:
            do()
        except StoreUnavailable as error:
            self._asks_at = self._clock() + REST_S
            log.warning("the store is away, files wait beside it: %s", error)
            return False
        return True
