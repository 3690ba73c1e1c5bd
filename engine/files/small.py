"""A picture small enough to stand among others. Start at `small`."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from engine.files.keys import checked
from engine.files.pictures import BROKEN, DECODED, in_eight_bits, look

SIDE = 360  # pixels: as wide as a card shows it on a fine screen
MIME = "image/jpeg"
_PLACE = "small/"  # before the key of the picture itself
_QUALITY = 80


def small_key(key: str) -> str:
    """Return where the small one of a picture is kept."""
    return checked(_PLACE + key)


def whole_key(key: str) -> str | None:
    """Return of which picture this is the small one; None of any other file.

    >>> whole_key(small_key("photo/2026/11/1")), whole_key("photo/2026/11/1")
    ('photo/2026/11/1', None)
    """
    return key.removeprefix(_PLACE) if key.startswith(_PLACE) else None


def small(content: bytes) -> bytes | None:
    """Return a picture as a JPEG with no side over `SIDE`, upright, on white; None for what `look`
    refuses and for HEIC, which Pillow does not read."""
    picture = look(content)
    if picture is None or picture.mime == "image/heic":
        return None
    made = BytesIO()
    try:
        with Image.open(BytesIO(content), formats=DECODED) as image:
            image.draft("RGB", (SIDE, SIDE))  # of a large JPEG unpack no more than is shown
            ImageOps.exif_transpose(image, in_place=True)  # those of before are not upright
            plain = in_eight_bits(image)
            plain.thumbnail((SIDE, SIDE))
            shown = plain.convert("RGBA")
            ground = Image.new("RGBA", shown.size, "white")
            ground.alpha_composite(shown)
            ground.convert("RGB").save(made, "JPEG", quality=_QUALITY)
    except (*BROKEN, TypeError, AttributeError):  # broken EXIF fails in these ways too
        return None
    return made.getvalue()
