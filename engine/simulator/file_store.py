"""Files in memory, by the ids that Telegram gives them.

A `file_id` names one stored file, and the store hands out the JSON that goes into a message."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from engine.simulator.api_error import bad
from engine.simulator.params import Upload
from engine.simulator.pictures import Picture

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_PHOTO_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept file. `kind` is photo, document, sticker or voice; `path` is what getFile answers."""

    file_id: str
    unique_id: str
    path: str
    kind: str
    name: str
    mime: str
    data: bytes
    width: int = 0
    height: int = 0

    def telegram(self) -> dict[str, Any]:
        """Return the JSON that every kind of file shares."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }


class FileStore:
    """All files of the simulator."""

    def __init__(self) -> None:
        self._by_id: dict[str, Stored] = {}
        self._by_path: dict[str, Stored] = {}
        self._photos: dict[str, tuple[Stored, ...]] = {}

    def keep(self, kind: str, upload: Upload, width: int = 0, height: int = 0) -> Stored:
        """Store bytes under new ids; the unique id depends on the content alone, as a re-sent
        file's does."""
        number = len(self._by_id) + 1
        unique = "AQAD" + hashlib.sha256(upload.data).hexdigest()[:14]
        suffix = upload.name.rsplit(".", 1)[-1] if "." in upload.name else "bin"
        path = f"{kind}s/file_{number}.{suffix}"
        stored = Stored(
            f"SIM{number:08d}{unique}",
            unique,
            path,
            kind,
            upload.name,
            upload.mime,
            upload.data,
            width,
            height,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[path] = stored
        return stored

    def keep_photo(self, sizes: tuple[Picture, ...]) -> tuple[Stored, ...]:
        """Store a photo in all its sizes."""
        stored = tuple(
            self.keep(
                "photo",
                Upload("photo.jpg", size.data, "image/jpeg"),
                size.width,
                size.height,
            )
            for size in sizes
        )
        for size in stored:
            self._photos[size.file_id] = stored
        return stored

    def get(self, file_id: str) -> Stored:
        """Return a file by id. Raises ApiError 400 for an unknown id."""
        found = self._by_id.get(file_id)
        if found is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        return found

    def photo(self, file_id: str) -> tuple[Stored, ...]:
        """Return all sizes of the photo that one of its ids names. Raises ApiError 400."""
        found = self._by_id.get(file_id)
        if found is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if found.kind != "photo":
            raise bad(f"can't use file of type {found.kind.capitalize()} as Photo")
        return self._photos[file_id]

    def document(self, file_id: str) -> Stored:
        """Return the document that an id names. Raises ApiError 400."""
        found = self._by_id.get(file_id)
        if found is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if found.kind != "document":
            raise bad(f"can't use file of type {found.kind.capitalize()} as Document")
        return found

    def by_path(self, path: str) -> Stored | None:
        """Return the file behind a download path."""
        return self._by_path.get(path)
