"""A printed .docx as a PDF, in this process, with the fonts of this machine."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from dxpdf import convert
from pypdfium2 import PdfDocument

from engine.errors import EngineError

MIME = "application/pdf"
ENDING = ".pdf"


class NotPrintable(EngineError):
    """A document that does not become a PDF: most often the machine has no fonts."""


def printed(document: bytes) -> bytes:
    """Return a .docx as a PDF; 0.2 s for a page.

    Raises NotPrintable with the reason of the library."""
    try:
        return bytes(convert(document))
    except (RuntimeError, ValueError) as error:
        raise NotPrintable(str(error)) from error


def joined(documents: Iterable[bytes]) -> bytes:
    """Return the pages of several PDFs as one, in their order."""
    whole, content = PdfDocument.new(), BytesIO()
    with whole:
        for document in documents:
            with PdfDocument(document) as one:
                whole.import_pages(one)
        whole.save(content)
    return content.getvalue()
