"""What an upload really is, by its content: names and declared types are only claims.

`look` reads the whole picture to its end, so that a truncated one is refused while the worker can
still take it again."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageOps

from engine.files.jpeg import ROWS, START, head

MOST_PIXELS = 80_000_000  # the best phones make 50; Pillow itself warns at 89 million
MOST_WHOLE = 40_000_000  # of what cannot be read at a part of its size: 4 bytes each are in memory
MOST_SIDE = 30_000
SHORT_HEAD = 4096  # bytes; those of cameras are long, and each is another
JPEG = "JPEG"
DECODED = (JPEG, "PNG", "WEBP")
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
BROKEN = (
    OSError,
    SyntaxError,  # so does Pillow call a broken PNG
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be shown: MIME type, width and height in pixels. `bare`: it was seen to
    tell nothing of who took it (`stripped`); of others nobody knows."""

    mime: str
    width: int
    height: int
    bare: bool = field(default=False, compare=False)


def look(content: bytes) -> Picture | None:
    """Return what the picture is: JPEG, PNG, WebP or HEIC; None for anything else, a truncated or
    an absurdly large one."""
    if content[4:8] == b"ftyp":
        return _heic(content)
    return (_by_head(content) if content.startswith(START) else None) or _decoded(content)


def as_png(content: bytes, width: int, height: int) -> bytes | None:
    """Return a picture as a PNG of exactly these pixels: upright, as large as it fits, in the
    middle of nothing; None for what `look` refuses and for HEIC, which Pillow does not read."""
    picture = look(content)
    if picture is None or picture.mime == "image/heic":
        return None
    try:
        with Image.open(BytesIO(content), formats=DECODED) as image:
            image.draft("RGB", (width, height))  # of a large JPEG unpack no more than is shown
            ImageOps.exif_transpose(image, in_place=True)  # a phone says how it was held
            plain = in_eight_bits(image).convert("RGBA")
            whole = ImageOps.pad(plain, (width, height), color=(255, 255, 255, 0))
    except (*BROKEN, TypeError, AttributeError):  # broken EXIF fails in these ways too
        return None
    made = BytesIO()
    whole.save(made, "PNG")
    return made.getvalue()


def in_eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture with 8 bits a colour: a scanner's grey of 16 bits Pillow would cut off at
    255 of 65,535, all but black becoming white."""
    if not image.mode.startswith("I"):
        return image
    return image.point(lambda grey: grey * (1 / 256)).convert("L")


def is_pdf(content: bytes) -> bool:
    """Tell whether it is a PDF with both its beginning and its end."""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]


def _by_head(content: bytes) -> Picture | None:
    """Look at the head of a JPEG alone; None where all of it has to be drawn."""
    first = head(content)
    if first is None or _is_large(first.width, first.height):
        return None
    drawn = first.drawn
    if not (_draws_again(drawn) if len(drawn) <= SHORT_HEAD else _draws(drawn)):
        return None
    return Picture("image/jpeg", first.width, first.height, first.bare)


def _draws(first: bytes) -> bool:
    """Tell whether the head of a JPEG is drawn, at the part of its size that the whole one would be
    drawn at."""
    try:
        with Image.open(BytesIO(first), formats=DECODED) as image:
            if image.format != JPEG:  # of several pictures in one
                return False
            image.draft("L", (max(image.width // ROWS, 1), 1))
            image.load()
    except BROKEN:
        return False
    return True


# Photos of one size that are coded by the common tables have one head: what was told of one is told
# of all. One with tables of its own is drawn, which takes 0.06 ms more.
_draws_again = lru_cache(maxsize=256)(_draws)


def _is_large(width: int, height: int) -> bool:
    return width * height > MOST_PIXELS or max(width, height) > MOST_SIDE


def _decoded(content: bytes) -> Picture | None:
    try:
        with Image.open(BytesIO(content), formats=DECODED) as image:
            width, height = image.size
            if _is_large(width, height):
                return None
            # A JPEG is read to its end all the same, but at an eighth of the memory.
            part = image.draft("L", (max(width // 8, 1), max(height // 8, 1)))
            whole = part is None or "progressive" in image.info
            if whole and width * height > MOST_WHOLE:
                return None
            image.load()
            return Picture(f"image/{str(image.format).lower()}", width, height)
    except BROKEN:  # strangers' bytes: any of these means «this is no picture»
        return None


def _heic(content: bytes) -> Picture | None:
    """Pillow reads no HEIC: believe its boxes, if they are all there."""
    parts = dict(boxes(content))
    brands = parts.get(b"ftyp", b"")
    known = {brands[:4], *(brands[at : at + 4] for at in range(8, len(brands), 4))}
    if not known & _HEIC or b"meta" not in parts or b"mdat" not in parts:
        return None
    width, height = max(_extents(parts[b"meta"]), default=(0, 0))
    return Picture("image/heic", width, height) if width and height else None


def boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the outermost boxes of a HEIC; nothing at all after one that is cut short."""
    at = 0
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1 and at + 16 <= len(content):
            (size,) = struct.unpack_from(">Q", content, at + 8)
            head = 16
        elif size == 0:  # up to the end of the file
            size = len(content) - at
        if size < head or at + size > len(content):
            return
        yield kind, content[at + head : at + size]
        at += size


def _extents(meta: bytes) -> Iterator[tuple[int, int]]:
    """Yield the sizes that `ispe` properties name: of the picture, its tiles and its thumbnail."""
    at = meta.find(b"ispe")
    while at >= 0:
        if at + 16 <= len(meta):
            width, height = struct.unpack_from(">II", meta, at + 8)
            yield width, height
        at = meta.find(b"ispe", at + 4)
