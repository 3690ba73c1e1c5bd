"""Pictures that a layout draws: one whose alternative text is «QR {{ link }}» becomes the QR code
of that value, «IMG {{ signature }}» the stored PNG of that key, in the place and size of the
picture. Start at `drawn`.

A word processor keeps one image for all copies of a picture, so what is drawn in the place of one
is seen in all of them: copies that say different things are no layout."""

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
Stored = Callable[[str], bytes | None]  # the content of a stored file by its key; None: it is lost
Said = tuple[str, str]  # the kind and the text of what is drawn; empty: the picture stays
_PNG = b"\x89PNG\r\n\x1a\n"
DOT = 8  # pixels of the smallest square: sharp at 40 mm on any printer
LONGEST = 1500  # bytes: what a phone still reads of a label
_DRAWING = re.compile(r"<w:drawing\b")
_SAID = re.compile(rf'<wp:docPr\b[^>]*\bdescr="({QR}|{IMAGE})([^"]*)"')
_SHOWN = re.compile(r'<a:blip\b[^>]*\br:embed="([^"]+)"')
_RELATION = re.compile(r"<Relationship\b[^>]*>")


def has_pictures(printed: bytes) -> bool:
    """Tell whether a printed part may have pictures that are drawn."""
    return QR.encode() in printed or IMAGE.encode() in printed


def drawn(
    printed: Mapping[str, str], others: Mapping[str, bytes], stored: Stored | None = None
) -> dict[str, bytes]:
    """Return the pictures of printed parts that are codes or stored images, by their names in the
    package; `others` are the parts beside them. A code of nothing, an image of nothing, of a lost
    file or without a store leaves its picture as it is.

    Raises BadLayout for a value that no label can hold, for a stored file that is no PNG, and for
    copies of one picture that say different things: in a loop they may."""
    found: dict[str, bytes] = {}
    for name, (kind, text) in shown(printed, others).items():
        if text in ("", NOTHING):
            continue
        if kind == QR:
            found[name] = qr(text)
        elif stored is not None and (image := stored(text)) is not None:
            found[name] = _image(image)
    return found


def shown(parts: Mapping[str, str], others: Mapping[str, bytes]) -> dict[str, Said]:
    """Return what is said of each image that parts show, by its name in the package; `others` are
    the parts beside them. Raises BadLayout for copies that say different things."""
    found: dict[str, Said] = {}
    for part, content in parts.items():
        targets = _targets(part, others)
        for said, relation in _pictures(content):
            name = targets.get(relation, "")
            if name in others and (first := found.setdefault(name, said)) != said:
                one, other = ("".join(each) or NOTHING for each in (first, said))
                raise BadLayout(
                    say(
                        "одна картинка стоит и для «{one}», и для «{other}»: вставьте разные файлы",
                        one=one,
                        other=other,
                    )
                )
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


def _pictures(printed: str) -> Iterator[tuple[Said, str]]:
    """Give what is said of each picture of a part, and the relation to its image."""
    for rest in _DRAWING.split(printed)[1:]:
        drawing = rest.partition("</w:drawing>")[0]
        said, image = _SAID.search(drawing), _SHOWN.search(drawing)
        if image:
            yield (said[1], unescape(said[2]).strip()) if said else ("", ""), image[1]


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
