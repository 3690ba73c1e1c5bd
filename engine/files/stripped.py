"""A picture without what it tells of whoever took it: where, when, with which phone, what else lies
behind its end. Start at `stripped`.

Parts that only tell are cut out, so that no pixel changes; a picture that says how it was held is
drawn anew, upright. HEIC, which nothing here draws, keeps its pixels and has its Exif blanked."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageOps

from engine.files.heic import blanked
from engine.files.jpeg import START, Odd, makes_a_picture, segments
from engine.files.pictures import BROKEN, DECODED, MOST_WHOLE

QUALITY = 92  # of a JPEG that is drawn anew
UPRIGHT = 1
_ORIENTATION = 0x0112
_TURNED = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"  # one entry: how it was held
_PNG_TELLS = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
_WEBP_TELLS = {b"EXIF": 0x08, b"XMP ": 0x04}  # with their bits of VP8X
_HEAD = 8  # bytes of a PNG's signature, of a chunk's head


def stripped(content: bytes) -> bytes:
    """Return a picture that `look` knows without what it tells; what is nothing of the kind comes
    back as it is."""
    if content[4:8] == b"ftyp":
        return blanked(content)
    with warnings.catch_warnings():  # of EXIF that is broken: it goes anyway
        warnings.simplefilter("ignore")
        return _stripped(content)


def _stripped(content: bytes) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=DECODED) as image:
            whole, held = image.width * image.height <= MOST_WHOLE, _held(image)
        if held != UPRIGHT and whole:
            return _drawn(content)
        try:
            return _cut(content, held)
        except (Odd, struct.error, IndexError):
            return _drawn(content)
    except BROKEN:
        return content  # no picture: a paper, or what is refused anyway


def _held(image: Image.Image) -> int:
    """Return how the phone was held, by the picture itself; upright when that cannot be read."""
    try:
        held = image.getexif().get(_ORIENTATION, UPRIGHT)
    except (*BROKEN, TypeError, AttributeError):  # so does broken EXIF fail
        return UPRIGHT
    return held if isinstance(held, int) and 1 < held <= 8 else UPRIGHT


def _drawn(content: bytes) -> bytes:
    """Return the picture drawn anew, upright, with nothing but its colours."""
    made = BytesIO()
    with Image.open(BytesIO(content), formats=DECODED) as image:
        form, profile = image.format, image.info.get("icc_profile")
        try:
            upright = ImageOps.exif_transpose(image)
        except (TypeError, AttributeError):  # broken EXIF
            upright = image
        for tells in ("exif", "xmp", "comment"):
            upright.info.pop(tells, None)
        upright.save(made, form, quality=QUALITY, icc_profile=profile, exif=b"")
    return made.getvalue()


def _cut(content: bytes, held: int) -> bytes:
    if content.startswith(START):
        said = _TURNED + struct.pack(">HHI", held, 0, 0) if held != UPRIGHT else b""
        head = b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said if said else b""
        return b"".join((START, head, *_jpeg(content)))
    if content.startswith(b"\x89PNG"):
        return content[:_HEAD] + b"".join(_png(content))
    return _webp(content)


def _jpeg(content: bytes) -> Iterator[memoryview]:
    """Yield the segments that make the picture, with what is coded behind them, up to its end."""
    whole = memoryview(content)  # of megabytes that stay no second copy is made
    for kind, at, end in segments(content):
        if makes_a_picture(content, kind, at):
            yield whole[at:end]


def _png(content: bytes) -> Iterator[bytes]:
    at, kind = _HEAD, b""
    while kind != b"IEND":
        size, kind = struct.unpack_from(">I4s", content, at)
        end = at + _HEAD + size + 4
        if end > len(content):
            raise Odd
        if kind not in _PNG_TELLS:
            yield content[at:end]
        at = end


def _webp(content: bytes) -> bytes:
    """Return the chunks that make the picture under a head with their size and flags."""
    (whole,) = struct.unpack_from("<I", content, 4)
    at, end, kept, gone = 12, min(8 + whole, len(content)), [], 0
    while at + _HEAD <= end:
        kind, size = struct.unpack_from("<4sI", content, at)
        after = at + _HEAD + size + size % 2
        if kind in _WEBP_TELLS:
            gone |= _WEBP_TELLS[kind]
        else:
            kept.append(content[at:after])
        at = after
    if kept and kept[0].startswith(b"VP8X"):
        kept[0] = kept[0][:_HEAD] + bytes([kept[0][_HEAD] & ~gone]) + kept[0][_HEAD + 1 :]
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
