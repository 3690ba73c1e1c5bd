"""What a copy of a plant is: a folder with the database as one file, the stored files under their
keys, the forms, and a manifest that knows the digest of each and the rows of every table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from engine.model.files import StoredKey
from engine.ports import Files

MANIFEST, FILES, FORMS = "manifest.json", "files", "forms"
FORMAT = 1  # of the manifest; another one is refused
STAYS = "django_session"  # whoever reads its rows is inside the office: a copy has none of them
_CHUNK = 1 << 20

Told = Callable[[int, int], None]  # how much is done, of how much


class CareError(Exception):
    """What keeps a copy from being made or brought back, for the administrator, in Russian, with
    what to do about it."""


class Kept(BaseModel):
    """One file of a copy. The size is in bytes."""

    model_config = ConfigDict(frozen=True)

    size: int
    sha256: str
    mime: str = "application/octet-stream"


class Census(BaseModel):
    """What stands in a database: rows by table, and the migrations that made the tables; of a copy
    without those of `STAYS`."""

    model_config = ConfigDict(frozen=True)

    tables: dict[str, int]
    migrations: list[str]

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.tables.values())


class Manifest(BaseModel):
    """What a copy consists of."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    program: str
    made_at: str
    engine: str
    database: str
    database_file: Kept
    census: Census
    files: dict[str, Kept]
    forms: dict[str, Kept] = {}  # by name, from «flows/», «templates/», «locales/» on
    missing: list[str] = []  # keys that rows name and the store does not have
    damaged: list[str] = []  # keys whose content is not what their row says


class Store(Files, Protocol):
    """The Files port with a list of what it has."""

    def keys(self, prefix: str) -> Iterator[StoredKey]:
        """Return stored keys that start with a prefix."""
        ...


class Database(Protocol):
    """A database as one that can be copied whole and brought back whole."""

    engine: str
    file: str  # name of its file in a copy

    def save(self, path: Path, told: Told) -> Census:
        """Write the database as it is at one moment. Raises CareError."""
        ...

    def load(self, path: Path, told: Told) -> None:
        """Replace the database by a saved one, wholly or not at all. Raises CareError."""
        ...

    def census(self) -> Census:
        """Count what stands in it, nothing where there is no table. Raises CareError."""
        ...


def measured(path: Path) -> Kept:
    """Return the size and the digest of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Kept(size=size, sha256=digest.hexdigest())


def digest_of(content: bytes) -> str:
    """Return the digest of a content."""
    return hashlib.sha256(content).hexdigest()
