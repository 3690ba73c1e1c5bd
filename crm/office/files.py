"""Stored files in the office: signed links that expire, small ones of pictures, papers as PDF."""

from __future__ import annotations

import logging

from django.utils.translation import gettext

from crm.bridge.files import local_files, open_files
from crm.bridge.small import small_picture
from crm.documents.models import Document
from crm.office.card import Photo, size
from crm.office.links import link
from crm.work.models import File
from engine.documents import docx, pdf
from engine.errors import EngineError

log = logging.getLogger(__name__)

LINK_S = 15 * 60  # an office link lives for 15 minutes (domain 12.2)


def href(key: str, name: str) -> str:
    """Return a signed link to a stored file that expires in 15 minutes; none while the store is
    away: a page tells all else of its record."""
    try:
        return open_files().link(key, LINK_S, name)
    except EngineError:
        log.exception("no link to %s", key)
        return ""


def photo(file: File) -> Photo:
    """Return a file of a record as it is shown."""
    name = file.name or f"{file.get_kind_display()}.{file.mime.rpartition('/')[2]}"
    note = gettext("заменено") if file.replaced_by_id else size(file.size)
    shown = small_href(file.key, name) if file.is_picture else ""
    return Photo(file.get_kind_display(), href(file.key, name), shown, note)


def picture(key: str) -> Photo:
    """Return a picture by its key."""
    # The kind is not known here; a browser draws any picture under any picture type.
    name = "photo.jpg"
    return Photo("", href(key, name), small_href(key, name))


def small_href(key: str, name: str) -> str:
    """Return a signed link to the small one of a picture, which expires like that to itself; the
    office shows it whatever the store is."""
    return f"{local_files().link(key, LINK_S, name)}/small"


def small_of(key: str) -> bytes | None:
    """Return a picture as a small JPEG; None of what has none. Raises EngineError while the store
    is away."""
    return small_picture(open_files(), key)


def download(document: Document) -> str:
    """Return the link to a document's file."""
    return href(document.key, document.name)


def pdf_link(document: Document) -> str:
    """Return where a Word paper is had as a PDF; empty for any other file."""
    return link(document, "pdf") if document.mime == docx.MIME else ""


def as_pdf(document: Document) -> tuple[str, bytes]:
    """Return a Word paper as a PDF with its name. Raises EngineError."""
    return pdf_name(document.name), pdf.printed(open_files().get(document.key))


def pdf_name(name: str) -> str:
    """Return the name of a Word paper as that of a PDF.

    >>> pdf_name("Отгрузка № 7.docx")
    'Отгрузка № 7.pdf'
    """
    return f"{name.removesuffix('.docx')}{pdf.ENDING}"
