"""Whether an upload is a Word document or an Excel workbook that opens: its content decides.

Both are zip archives; what is looked at is the part that each cannot do without, read whole."""

from __future__ import annotations

import zlib
from io import BytesIO
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from engine.model.files import DOCX, XLSX

LARGEST_PART = 100 * 1024 * 1024  # bytes of one part, unpacked; a bomb has more
MOST_PARTS = 10_000
_CONTENTS = "[Content_Types].xml"
_MAIN = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_RELATIONS = ".rels"
_ASKED = ("/hyperlink", "/externalLinkPath", "/externalLinkLongPath")  # what one is asked about
_BROKEN = (BadZipFile, zlib.error, OSError, ValueError, KeyError, RuntimeError, ExpatError)


def office(content: bytes) -> str | None:
    """Return the MIME type of a .docx or .xlsx that opens; None for anything else, a broken one,
    one with a password, with macros, or that fetches a part of itself from elsewhere: whoever opens
    it would ask an address of who sent it."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            kinds = [name for name in _MAIN if name in names]
            if len(names) > MOST_PARTS or _CONTENTS not in names or len(kinds) != 1:
                return None
            if any(name.endswith("vbaProject.bin") for name in names):
                return None
            links = [name for name in names if name.endswith(_RELATIONS)]
            for name in (_CONTENTS, kinds[0], *links):
                _well_formed(archive, name)
            return _MAIN[kinds[0]]
    except _BROKEN:  # strangers' bytes: any of these means «it does not open»
        return None


def _well_formed(archive: ZipFile, name: str) -> None:
    """Read a part as XML. Raises what `_BROKEN` lists; a document with its own entities is none,
    nor one with parts elsewhere."""
    if archive.getinfo(name).file_size > LARGEST_PART:
        raise ValueError(name)
    parser = ParserCreate()
    parser.EntityDeclHandler = _refuse
    if name.endswith(_RELATIONS):
        parser.StartElementHandler = _stays
    with archive.open(name) as part:
        while piece := part.read(1 << 16):
            parser.Parse(piece, False)
    parser.Parse(b"", True)


def _stays(_: str, attributes: dict[str, str]) -> None:
    """Refuse a part that lies elsewhere."""
    kind = attributes.get("Type", "")
    if attributes.get("TargetMode") == "External" and not kind.endswith(_ASKED):
        raise ValueError(kind)


def _refuse(*_: object) -> None:
    raise ValueError("entities")
