"""Pictures that a layout draws: one whose alternative text is «QR {{ link }}» becomes the QR code
of that value, «IMG {{ signature }}» the stored PNG of that key, in the place and size of the
picture. Start at `drawn`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from io import BytesIO

import zxingcpp
from PIL import Image

from engine.documents.errors import BadLayout
from engine.errors import say
from engine.model.values import NOTHING

QR, IMAGE = "QR ", "IMG "
Stored = Callable[[str], bytes]  # the content of a stored file by its key
_PNG = b"\x89PNG\r\n\x1a\n"
DOT = 8  # pixels of the smallest square: sharp at 40 mm on any printer
LONGEST = 1500  # bytes: what a phone still reads of a label
_DRAWING = re.compile(r"<w:drawing\b.*?</w:drawing>", re.DOTALL)
_SAID = re.compile(rf'<wp:docPr\b[^>]*\bdescr="({QR}|{IMAGE})([^"]*)"')
_SHOWN = re.compile(r'<a:blip\b[^>]*\br:embed="([^"]+)"')
_RELATION = re.compile(r"<Relationship\b[^>]*>")


def has_pictures(printed: bytes) -> bool:
    """Tell whether a printed part may have pictures that are drawn."""
    return QR.encode() in printed or IMAGE.encode() in printed


def drawn(
    part: str, printed: str, others: Mapping[str, bytes], stored: Stored | None = None
) -> dict[str, bytes]:
    """Return the pictures of a printed part that are codes or stored images, by their names in the
    package; `others` are the parts beside it. A code of nothing, an image of nothing or without a
    store leaves its picture as it is.

    Raises BadLayout for a value that no label can hold, and for a stored file that is no PNG."""
    found: dict[str, bytes] = {}
    targets = _targets(part, others)
    for kind, text, relation in _pictures(printed):
        name = targets.get(relation, "")
        if name not in others or text in ("", NOTHING):
            continue
        if kind == QR:
            found[name] = qr(text)
        elif stored is not None:
            found[name] = _image(stored(text))
    return found


def _image(content: bytes) -> bytes:
    if not content.startswith(_PNG):
        raise BadLayout("картинка не PNG")
    return content


def qr(text: str) -> bytes:
    """Return the QR code of a text as a PNG with its quiet border. Raises BadLayout."""
    if len(text.encode()) > LONGEST:
        raise BadLayout(say("код длиннее {most} байт", most=LONGEST))
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    kept = BytesIO()
    pixels = zxingcpp.write_barcode_to_image(code, scale=DOT, add_quiet_zones=True)
    Image.fromarray(pixels).save(kept, "PNG")
    return kept.getvalue()


def _pictures(printed: str) -> Iterator[tuple[str, str, str]]:
    """Give the kind and the text of each picture of a part that is drawn, and the relation to
    it."""
    for drawing in _DRAWING.finditer(printed):
        said, shown = _SAID.search(drawing[0]), _SHOWN.search(drawing[0])
        if said and shown:
            yield said[1], unescape(said[2]).strip(), shown[1]


def _targets(part: str, others: Mapping[str, bytes]) -> dict[str, str]:
    """Return what the relations of a part lead to, as names in the package."""
    folder, name = posixpath.split(part)
    relations = others.get(f"{folder}/_rels/{name}.rels", b"").decode("utf-8", "replace")
    found = {}
    for relation in _RELATION.findall(relations):
        keys = dict(re.findall(r'\b(Id|Target)="([^"]*)"', relation))
        if keys.keys() == {"Id", "Target"}:
            found[keys["Id"]] = posixpath.normpath(posixpath.join(folder, keys["Target"]))
    return found
