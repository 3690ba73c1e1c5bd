"""The parts of a package (.docx, .xlsx) from a stranger's hands, none of them larger than it says.

The libraries of packages unpack a whole part before they look at its declared size, and make every
cell of a range that is merely named: a file of five kilobytes takes all the memory there is. What
they open is looked through here first. Start at `opened`; a workbook goes through
`look_through` too."""

from __future__ import annotations

import re
from copy import copy
from io import BytesIO
from typing import NoReturn
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZipFile, ZipInfo

from engine.documents.errors import BadLayout
from engine.errors import say

LARGEST_PART = 20 * 1024 * 1024  # bytes of one unpacked part; a page of ours has 60 kB
LARGEST = 2 * LARGEST_PART  # bytes of all parts
LARGEST_SHEET = 1024 * 1024  # bytes of one part of a workbook that is XML
MOST_ROWS, MOST_COLUMNS = 1_000, 100  # of a sheet that is a form
MOST_CELLS = MOST_ROWS * MOST_COLUMNS  # of all ranges that one part names
MOST_DRAWN = 20_000  # of all sheets up to their last cells: to fill and write 100,000 takes seconds
_CORNER = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def opened(content: bytes) -> tuple[tuple[str, bytes], ...]:
    """Return the parts of a package, unpacked. Raises BadLayout for what is too large or larger
    than it says, and what `zipfile` raises for a damaged one."""
    with ZipFile(BytesIO(content)) as package:
        entries = package.infolist()
        whole = 0
        for entry in entries:
            whole += entry.file_size
            if entry.file_size > LARGEST_PART or whole > LARGEST:
                _refuse(entry.filename)
        return tuple((entry.filename, unpacked(package, entry)) for entry in entries)


def unpacked(package: ZipFile, entry: ZipInfo) -> bytes:
    """Return one part of any zip. Raises BadLayout when it is larger than it says."""
    allowed = copy(entry)
    allowed.file_size = entry.file_size + 1  # one more would show that it says less than it has
    with package.open(allowed) as part:
        unpacked = part.read(allowed.file_size)
    if len(unpacked) > entry.file_size:
        _refuse(entry.filename)
    return unpacked


def _refuse(name: str) -> NoReturn:
    raise BadLayout(say("слишком большая часть {filename}", filename=name))


def look_through(parts: tuple[tuple[str, bytes], ...]) -> None:
    """Look through the parts of a workbook that are XML: their sizes, the cells that they name, no
    entities. Raises BadLayout."""
    for name, content in parts:
        try:
            _read(name, content)
        except ExpatError:
            continue  # a picture; damaged XML is refused by whoever reads it


def _read(name: str, content: bytes) -> None:
    cells = 0

    def element(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cells
        del tag
        for key, value in attributes.items():
            if key in ("r", "ref", "sqref"):
                cells += sum(map(_cells, value.split()))
        if cells > MOST_CELLS or len(content) > LARGEST_SHEET:
            _refuse(name)

    def entity(*_: object) -> None:
        _refuse(name)

    parser = ParserCreate()
    parser.StartElementHandler, parser.EntityDeclHandler = element, entity
    parser.Parse(content, True)


def _cells(reference: str) -> int:
    """Return how many cells a reference names; one that is out of a form's sheet names too many.

    >>> _cells("B2"), _cells("A1:C4"), _cells("rId1")
    (1, 12, 0)
    """
    corners = [_CORNER.fullmatch(one) for one in reference.split(":")]
    found = [(_column(one[1]), int(one[2])) for one in corners if one is not None]
    if len(found) < len(corners):
        return 0
    if any(column > MOST_COLUMNS or row > MOST_ROWS for column, row in found):
        return MOST_CELLS + 1
    columns, rows = [column for column, _ in found], [row for _, row in found]
    return (max(columns) - min(columns) + 1) * (max(rows) - min(rows) + 1)


def _column(letters: str) -> int:
    """Return the number of a column, from 1.

    >>> _column("A"), _column("AA")
    (1, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
