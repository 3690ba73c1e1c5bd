"""The rehearsal plant's files and documents."""

from __future__ import annotations

import hashlib
from datetime import datetime

from engine.errors import EngineError
from engine.files.errors import FileMissing
from engine.model.effects import Paper
from engine.model.files import StoredFile
from engine.model.values import Row
from engine.talk.memory import Memory


class MemoryFiles:
    """An object store of bytes. Like a real one it takes no part in transactions."""

    def __init__(self) -> None:
        self._content: dict[str, tuple[bytes, str]] = {}

    def put(self, key: str, content: bytes, mime: str) -> StoredFile:
        """Store content under a key."""
        self._content[key] = (content, mime)
        return StoredFile(key, hashlib.sha256(content).hexdigest(), len(content), mime)

    def get(self, key: str) -> bytes:
        """Return the content. Raises FileMissing."""
        if key not in self._content:
            raise FileMissing(key)
        return self._content[key][0]

    def delete(self, key: str) -> None:
        """Delete a key; an absent one is fine."""
        self._content.pop(key, None)

    def link(self, key: str, seconds: int, name: str) -> str:
        """Return a link of this memory; it leads nowhere outside."""
        return f"memory:{key}?name={name}&seconds={seconds}"


class MemoryPapers:
    """Issued documents: key to the object key of the file."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def values(self, paper: Paper) -> tuple[Row, str]:
        """Return the record of a document; here every document is a draft."""
        row = self._memory.rows.get(paper.record_id)
        if row is None or row.kind != paper.record:
            raise EngineError(f"no {paper.record} {paper.record_id}")
        return row, "draft"

    def issued(self, paper: Paper, stored: StoredFile, name: str, at: datetime) -> None:
        """Keep that a document was made; the same key twice is one row."""
        del name, at
        self._memory.papers.setdefault(paper.key, stored.key)
