"""Photos as Telegram keeps them: whatever came, stored as JPEG in several sizes, the smallest
first."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from engine.files.pictures import in_eight_bits

SIDES = (90, 320, 800, 1280)
MAX_SIDES_SUM = 10_000
MAX_RATIO = 20


class NotAPicture(ValueError):
    """The bytes are not a picture that Telegram would take as a photo."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One size of a photo: pixels and JPEG bytes."""

    width: int
    height: int
    data: bytes


def photo_sizes(data: bytes) -> tuple[Picture, ...]:
    """Return the sizes of a photo, ascending. Raises NotAPicture."""
    try:
        with Image.open(BytesIO(data)) as opened:
            whole = in_eight_bits(ImageOps.exif_transpose(opened)).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise NotAPicture("not a picture") from error
    width, height = whole.size
    if width + height > MAX_SIDES_SUM or max(width, height) > MAX_RATIO * min(width, height):
        raise NotAPicture("dimensions of the picture are out of bounds")
    sizes = []
    for side in SIDES:
        copy = whole.copy()
        copy.thumbnail((side, side))
        kept = BytesIO()
        copy.save(kept, "JPEG", quality=87)
        sizes.append(Picture(copy.width, copy.height, kept.getvalue()))
        if max(width, height) <= side:
            break
    return tuple(sizes)
