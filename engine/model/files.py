"""Files as values: what is stored where, and what a worker sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file behind the Files port: object key, SHA-256 in hex, size in bytes, MIME type."""

    key: str
    sha256: str
    size: int
    mime: str


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key that a store holds, and when it was written (aware)."""

    key: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that a worker sent, already stored as temporary.

    `name` is as he named it, empty for a photo. `original` is the SHA-256 of what he sent where
    less of it was stored (a picture without its place and its phone); empty: it is the same."""

    key: str
    sha256: str
    size: int
    mime: str
    name: str = ""
    original: str = ""

    @property
    def sent(self) -> str:
        """The SHA-256 of what was sent: two of one digest are one file sent twice."""
        return self.original or self.sha256

    @property
    def is_picture(self) -> bool:
        """Tell whether the content is a picture (and not a PDF)."""
        return self.mime.startswith("image/")
