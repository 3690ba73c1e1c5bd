"""What a HEIC tells beside its pixels, blanked where it lies: cutting it out would move the pixels.

Its items are listed in `iinf` and lie where `iloc` says. Start at `blanked`."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from engine.files.pictures import boxes

_TELLS = (b"Exif", b"mime")  # mime: XMP
_FULL = 4  # bytes of version and flags


def blanked(content: bytes) -> bytes:
    """Return a HEIC whose Exif and XMP are zeros; as it is when its items cannot be read."""
    try:
        meta = dict(boxes(content)).get(b"meta", b"")[_FULL:]
        inside = dict(boxes(meta))
        told = set(_told(inside.get(b"iinf", b"")))
        made = bytearray(content)
        for item, at, size in _places(inside.get(b"iloc", b"")):
            if item in told and at + size <= len(made):
                made[at : at + size] = bytes(size)
    except (struct.error, IndexError):
        return content
    return bytes(made)


def _told(iinf: bytes) -> Iterator[int]:
    """Yield the numbers of items that only tell."""
    head = _FULL + (2 if iinf[:1] == b"\0" else 4)
    for kind, entry in boxes(iinf[head:]):
        if kind != b"infe" or entry[0] < 2:
            continue
        wide = entry[0] == 3
        (item,) = struct.unpack_from(">I" if wide else ">H", entry, _FULL)
        at = _FULL + (4 if wide else 2) + 2
        if entry[at : at + 4] in _TELLS:
            yield item


def _places(iloc: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield item, place in the file and size of each piece of an item."""
    if not iloc:
        return
    version, reader = iloc[0], _Reader(iloc, _FULL)
    sizes, bases = reader.number(1), reader.number(1)
    count = reader.number(4 if version == 2 else 2)
    for _ in range(count):
        item = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 0x0F if version else 0
        reader.number(2)  # which file; 0 is this one
        base = reader.number(bases >> 4)
        for _piece in range(reader.number(2)):
            if version:
                reader.number(bases & 0x0F)
            at, size = reader.number(sizes >> 4), reader.number(sizes & 0x0F)
            if method == 0:  # by the place in the file
                yield item, base + at, size


class _Reader:
    """Numbers of several sizes, one after another."""

    def __init__(self, content: bytes, at: int) -> None:
        self._content, self._at = content, at

    def number(self, size: int) -> int:
        """Return the next one. Raises IndexError behind the end."""
        begin, self._at = self._at, self._at + size
        if self._at > len(self._content):
            raise IndexError
        return int.from_bytes(self._content[begin : self._at], "big")
