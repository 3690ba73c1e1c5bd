"""Files that the office uploads, on their way into the file store: what they are is read from their
content, as of those that workers send."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from crm.bridge.files import open_files
from engine.errors import Refusal, Refused
from engine.files.keys import object_key
from engine.files.office import office
from engine.files.pictures import is_pdf, look
from engine.files.stripped import stripped
from engine.model.files import DOCX, PDF, FileRef

LARGEST = 20 * 1024 * 1024  # bytes (domain 4.9)


def keep_photo(name: str, content: bytes, at: datetime) -> FileRef:
    """Store a picture, without what it tells of its place and phone, or a scan. Raises Refused for
    anything else."""
    picture = look(content)
    if picture is None and not is_pdf(content):
        raise Refused(Refusal("Файл «{name}» — не фото и не PDF", {"name": name}))
    if picture is None:
        return _kept("photo", name, content, PDF, at)
    less = stripped(content)
    kept = _kept("photo", name, less, picture.mime, at)
    return replace(kept, original=hashlib.sha256(content).hexdigest() if less != content else "")


def keep_word(name: str, content: bytes, at: datetime) -> FileRef:
    """Store a Word document. Raises Refused for anything else."""
    if office(content) != DOCX:
        raise Refused(Refusal("Файл «{name}» не открывается как документ Word", {"name": name}))
    return _kept("document", name, content, DOCX, at)


def _kept(place: str, name: str, content: bytes, mime: str, at: datetime) -> FileRef:
    if len(content) > LARGEST:
        raise Refused(Refusal("Файл больше 20 МБ"))
    stored = open_files().put(object_key(place, at), content, mime)
    return FileRef(stored.key, stored.sha256, stored.size, stored.mime, name)
