"""QR codes and barcodes of pictures: what a label says without being typed."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from engine.errors import EngineError
from engine.files.pictures import in_eight_bits
from engine.ports import Files

if TYPE_CHECKING:
    import zxingcpp

LONGEST_SIDE = 2000  # pixels: a code that needs more was photographed from too far away
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


class StoredCodes:
    """Reads the codes of stored pictures; `files` opens the store when it is first needed."""

    def __init__(self, files: Callable[[], Files]) -> None:
        self._files = files

    def read(self, key: str) -> tuple[str, ...]:
        """Return the texts of the codes of a picture, the largest first; none when there is none or
        the picture is gone or cannot be read."""
        try:
            content = self._files().get(key)
        except EngineError:
            return ()
        return codes_of(content)


def codes_of(content: bytes) -> tuple[str, ...]:
    """Return the texts of the codes of a picture, the largest first, each once."""
    # The library is only for those who scan.
    import zxingcpp  # noqa: PLC0415

    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
            image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
            grey = in_eight_bits(image).convert("L")
            grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except _BROKEN:  # strangers' bytes: what is no picture has no code
        return ()
    found = [code for code in zxingcpp.read_barcodes(grey) if code.text]
    found.sort(key=lambda code: -_size(code.position))
    return tuple(dict.fromkeys(code.text for code in found))


def _size(position: zxingcpp.Position) -> int:
    one, other = position.top_left, position.bottom_right
    return abs(other.x - one.x) * abs(other.y - one.y)
