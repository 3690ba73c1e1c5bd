"""A JPEG by its segments, what is coded in them not decoded. Start at `segments` and `head`."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

START = b"\xff\xd8"
END = b"\xff\xd9"
FRAMES = (0xC0, 0xC1)  # of a JPEG whose colours are coded by Huffman, each pixel at once
SCAN, ENDS, FILLS = 0xDA, 0xD9, 0xFF
NO_FRAMES = (0xC4, 0xC8, 0xCC)  # among the kinds 0xC0…0xCF, which begin one otherwise
ROWS = 8  # as many as a block has
MOST = 10_000  # segments of one that is told by its head: a photo has twenty
KEPT_APPS = (0xE0, 0xEE)  # JFIF, and Adobe's, which says what the colours are
PROFILE = b"ICC_PROFILE\0"
_END_OF_CODED = re.compile(rb"\xff[^\x00\xd0-\xd7]")

Segment = tuple[int, int, int]  # its kind, where it begins and ends


class Odd(ValueError):
    """A file whose parts are not where they should be, though it can be drawn."""


def segments(content: bytes) -> Iterator[Segment]:
    """Yield the segments up to the end of the picture, those of pixels with what is coded behind
    them. Raises Odd, struct.error or IndexError where they end before it does."""
    at = len(START)
    while True:
        if content[at] != FILLS:
            raise Odd
        kind = content[at + 1]
        if kind == FILLS:  # a byte that only fills
            at += 1
            continue
        if kind == ENDS:
            yield kind, at, at + 2
            return
        (size,) = struct.unpack_from(">H", content, at + 2)
        end = at + 2 + size
        if end > len(content):
            raise Odd
        if kind == SCAN:
            end = _coded(content, end)
        yield kind, at, end
        at = end


def _coded(content: bytes, at: int) -> int:
    """Return where coded pixels end: at a marker that is neither a zero nor a restart."""
    found = _END_OF_CODED.search(content, at)
    if found is None:
        raise Odd
    return found.start()


def makes_a_picture(content: bytes, kind: int, at: int) -> bool:
    """Tell whether the segment that begins there is of the picture, and does not only tell of
    it."""
    if kind == 0xE2:
        return content.startswith(PROFILE, at + 4)
    return kind != 0xFE and (not 0xE0 <= kind <= 0xEF or kind in KEPT_APPS)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a JPEG over eight rows without pixels, as a JPEG of its own; the size of the
    whole one; whether that is `bare`: nothing in it or behind it only tells of the picture."""

    drawn: bytes
    width: int
    height: int
    bare: bool


def head(content: bytes) -> Head | None:
    """Return the head of a JPEG: it can be drawn if, and only if, the whole picture can. None of
    one that must be drawn to be told.

    Of a picture in one scan that ends where the picture does, libjpeg draws whatever is coded, a
    wrong code being a warning: what it refuses are tables, colours and sizes, all in the head, and
    an end that never comes. Nine tenths of a look at a photo went into drawing it."""
    try:
        found = tuple(islice(segments(content), MOST))
        *front, scan, (last, _, _) = found
    except (ValueError, struct.error, IndexError):  # Odd is one; so are fewer than two
        return None
    if last != ENDS:
        return None
    kinds = [kind for kind, _, _ in front]
    frames = [one for one in front if 0xC0 <= one[0] <= 0xCF and one[0] not in NO_FRAMES]
    if scan[0] != SCAN or SCAN in kinds or len(frames) != 1 or frames[0][0] not in FRAMES:
        return None
    if any(kind < 0xC0 or 0xD0 <= kind <= 0xD8 for kind in kinds):  # marks without a size
        return None
    _, frame, _ = frames[0]
    _, begins, _ = scan
    height, width = struct.unpack_from(">HH", content, frame + 5)
    (size,) = struct.unpack_from(">H", content, begins + 2)
    if height < ROWS:
        return None
    few = struct.pack(">H", ROWS)
    drawn = content[: frame + 5] + few + content[frame + 7 : begins + 2 + size] + END
    kept = sum(end - at for kind, at, end in found if makes_a_picture(content, kind, at))
    return Head(drawn, width, height, len(START) + kept == len(content))
