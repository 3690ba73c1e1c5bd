"""What a worker sends that is no text: photos and papers, each with a content of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

from PIL import Image, ImageDraw

from engine.model.conversation import Input
from engine.model.files import DOCX, PDF, FileRef
from engine.ports import Files

JPEG = "image/jpeg"
SIZE = (240, 180)
OTHERS = {"sticker": "стикер", "voice": "голосовое сообщение", "location": "геопозиция"}
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
)
_OFFICE = "http://schemas.openxmlformats.org"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
LETTER = {  # the least that Word opens
    "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types"><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship '
    f'Id="r1" Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>',
    "word/document.xml": f'<w:document xmlns:w="{_OFFICE}/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>Исправлено</w:t></w:r></w:p></w:body></w:document>",
}


@dataclass
class Camera:
    """Makes what is sent: `photo`, `photo 3` (an album), `pdf`, `docx` … as .talk files name it.

    Without `files` the references lead to nothing stored, which is quick and enough where nobody
    opens them."""

    now: Callable[[], datetime]
    files: Files | None = None
    _taken: int = 0

    def inputs(self, thing: str) -> tuple[Input, ...]:
        """Return the inputs that sending a thing makes, an album as one each picture.

        Raises ValueError for an unknown thing."""
        match thing.split():
            case ["photo"]:
                return (Input.files(self._made(picture(), JPEG, "")),)
            case ["photo", count] if count.isdigit():
                album = f"album {self._taken + 1}"
                return tuple(
                    Input.files(self._made(picture(), JPEG, ""), album=album)
                    for _ in range(int(count))
                )
            case ["file"]:
                return (Input.files(self._made(picture(), JPEG, "фото.jpg")),)
            case ["pdf"]:
                return (Input.files(self._made(PAPER, PDF, "документ.pdf")),)
            case ["docx"]:
                return (Input.files(self._made(letter(), DOCX, "документ.docx")),)
            case [name] if name in OTHERS:
                return (Input.other(OTHERS[name]),)
        raise ValueError(f"nobody can send {{{thing}}}")

    def _made(self, content: bytes, mime: str, name: str) -> FileRef:
        """Return a reference to a content that no other has: readers stop at the end of the
        picture, so a number after it changes nothing that is seen."""
        self._taken += 1
        key = f"tmp/{self.now():%Y/%m}/{uuid4()}"
        own = content + str(self._taken).encode()
        if self.files is not None:
            self.files.put(key, own, mime)
        return FileRef(key, hashlib.sha256(own).hexdigest(), len(own), mime, name)


@cache
def picture() -> bytes:
    """Return a small picture as JPEG."""
    image = Image.new("RGB", SIZE, "#dfe7ec")
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 60, 210, 150), fill="#b9c6cf", outline="#22303c", width=3)
    draw.rectangle((60, 30, 180, 60), fill="#f4f7f9", outline="#22303c", width=3)
    kept = BytesIO()
    image.save(kept, "JPEG", quality=70)
    return kept.getvalue()


@cache
def letter() -> bytes:
    """Return a Word document of one line."""
    kept = BytesIO()
    with ZipFile(kept, "w") as package:
        for name, content in LETTER.items():
            package.writestr(name, content)
    return kept.getvalue()
