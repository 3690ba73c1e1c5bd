"""Codes that a layout draws: a picture whose alternative text is «QR {{ link }}» becomes the QR
code of that value, in the place and size of the picture. Start at `drawn`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from io import BytesIO

import zxingcpp
from PIL import Image

from engine.documents.errors import BadLayout
from engine.errors import say
from engine.model.values import NOTHING

QR = "QR "
DOT = 8  # pixels of the smallest square: sharp at 40 mm on any printer
LONGEST = 1500  # bytes: what a phone still reads of a label
_DRAWING = re.compile(r"<w:drawing\b.*?</w:drawing>", re.DOTALL)
_SAID = re.compile(rf'<wp:docPr\b[^>]*\bdescr="{QR}([^"]*)"')
_SHOWN = re.compile(r'<a:blip\b[^>]*\br:embed="([^"]+)"')
_RELATION = re.compile(r"<Relationship\b[^>]*>")


def drawn(part: str, printed: str, others: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the pictures of a printed part that are codes, by their names in the package; `others`
    are the parts beside it. A code of nothing leaves its picture as it is.

    Raises BadLayout for a value that no label can hold."""
    found: dict[str, bytes] = {}
    targets = _targets(part, others)
    for text, relation in _codes(printed):
        name = targets.get(relation, "")
        if name in others and text not in ("", NOTHING):
            found[name] = qr(text)
    return found


def qr(text: str) -> bytes:
    """Return the QR code of a text as a PNG with its quiet border. Raises BadLayout."""
    if len(text.encode()) > LONGEST:
        raise BadLayout(say("код длиннее {most} байт", most=LONGEST))
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    kept = BytesIO()
    pixels = zxingcpp.write_barcode_to_image(code, scale=DOT, add_quiet_zones=True)
    Image.fromarray(pixels).save(kept, "PNG")
    return kept.getvalue()


def _codes(printed: str) -> Iterator[tuple[str, str]]:
    """Give the text of each code of a part, and the relation to its picture."""
    for drawing in _DRAWING.finditer(printed):
        said, shown = _SAID.search(drawing[0]), _SHOWN.search(drawing[0])
        if said and shown:
            yield unescape(said[1]).strip(), shown[1]


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
