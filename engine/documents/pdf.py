"""A printed .docx as a PDF, in this process, with the fonts of this machine."""

from __future__ import annotations

from dxpdf import convert

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
