"""The Files port on a folder: what the demo and a small plant need."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from engine.errors import EngineError
from engine.files.errors import BadKey, FileMissing
from engine.files.keys import checked, checked_prefix, described
from engine.files.links import life, seal, unseal
from engine.model.files import StoredFile, StoredKey

_INCOMING = ".incoming"  # unfinished writes; no key starts with a dot


def _utc_now() -> datetime:
    return datetime.now(UTC)


class LocalFiles:
    """Files under `folder`. A file is there whole or not at all, also after a power cut.

    Links are `address` + token, signed with `secret`; whoever serves that address opens the token
    with `open_link`."""

    def __init__(
        self,
        folder: Path,
        secret: str,
        address: str = "/files/",
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        if not secret:
            raise EngineError("links to local files need a secret")
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder.resolve()
        self._secret, self._address, self._now = secret, address, now

    def put(self, key: str, content: bytes, mime: str) -> StoredFile:
        """Store content under a key, replacing what was there."""
        stored = described(key, content, mime)
        path = self._path(key)
        unfinished = self._folder / _INCOMING / uuid4().hex
        unfinished.parent.mkdir(exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with unfinished.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        self._keep_names(path.parent)
        return stored

    def get(self, key: str) -> bytes:
        """Return the content. Raises FileMissing."""
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise FileMissing(key) from error

    def delete(self, key: str) -> None:
        """Delete a key; an absent one is fine."""
        self._path(key).unlink(missing_ok=True)

    def link(self, key: str, seconds: int, name: str) -> str:
        """Return a link that opens the file, under this name, for so many seconds."""
        expires = self._now() + timedelta(seconds=life(seconds))
        return self._address + seal(self._secret, key, expires, name)

    def open_link(self, token: str, now: datetime) -> tuple[str, str]:
        """Return the key and the name behind a token. Raises LinkForged or LinkExpired."""
        return unseal(self._secret, token, now)

    def keys(self, prefix: str) -> Iterator[StoredKey]:
        """Return stored keys that start with `prefix`, in their order."""
        start = checked_prefix(prefix)
        top = self._folder / start.rpartition("/")[0]
        for path in sorted(top.rglob("*")):
            key = path.relative_to(self._folder).as_posix()
            if key.startswith(start) and not key.startswith(".") and path.is_file():
                modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield StoredKey(key, modified)

    def _path(self, key: str) -> Path:
        path = self._folder / checked(key)
        # A link inside the folder could still lead out of it.
        if not path.resolve().is_relative_to(self._folder):
            raise BadKey(f"leads out of the folder: {key!r}")
        return path

    def _keep_names(self, folder: Path) -> None:
        """Flush the directories down to this one: a file without its name is lost as well."""
        while folder.is_relative_to(self._folder):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            folder = folder.parent
