"""Images of signatures on their way from the office into the file store."""

from __future__ import annotations

from datetime import datetime

from crm.bridge.files import open_files
from crm.people.models import Person
from crm.people.operations.keep_signature import keep_signature
from engine.files.keys import object_key
from engine.files.pictures import as_png

PIXELS = (600, 420)  # 0.50 × 0.35 inch at 1,200 dots an inch


def read_signature(content: bytes) -> bytes | None:
    """Return an uploaded image as papers print it; None when it is no picture that can be read."""
    return as_png(content, *PIXELS)


def store_signature(by: Person, *, person: Person, png: bytes, at: datetime) -> None:
    """Store the image that `read_signature` made, and let papers print it."""
    stored = open_files().put(object_key("signature", at), png, "image/png")
    keep_signature(by, person=person, stored=stored, at=at)
