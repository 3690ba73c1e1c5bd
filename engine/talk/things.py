"""What a worker of a talk can send that is no text: `{photo}`, `{photo 3}`, `{file photo}`,
`{label 2011/3}`, `{pdf}`, `{sticker}` …"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from engine.model.conversation import Input
from engine.model.files import DOCX, PDF, XLSX, FileRef

OTHERS = {"sticker": "стикер", "voice": "голосовое сообщение", "location": "геопозиция"}
UNFIT = {
    "bad photo": "Файл не похож на фото. Сфотографируйте ещё раз",
    "big file": "Файл больше 20 МБ. Пришлите файл поменьше",
    "bad file": "Такой файл не подходит. Принимаются фото и PDF до 20 МБ",
}
MAKES = (
    "photo, photo 3, label 2011/3, same photo, file, file photo, file акт.pdf, pdf, docx, xlsx, "
    "digits 400, letters 5000, forged …"
)
MIMES = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX, "jpg": "image/jpeg", "png": "image/png"}
PICTURE_SIZE = 52_000  # bytes; a size that a phone's picture may have


LABEL = "/label/"  # what stands in the key of a picture before the codes that it shows


class Labels:
    """The Codes port of a talk: a picture shows the codes that its key says."""

    def read(self, key: str) -> tuple[str, ...]:
        """Return the codes of a picture, none of a plain one."""
        _, found, codes = key.partition(LABEL)
        return tuple(unquote(code) for code in codes.split("+")) if found else ()


def labelled(codes: Iterable[str]) -> str:
    """Return the end of the key of a picture that shows codes.

    >>> Labels().read("temporary/1" + labelled(["2011/3", "P-1"]))
    ('2011/3', 'P-1')
    """
    return LABEL + "+".join(quote(code, safe="") for code in codes)


@dataclass
class Camera:
    """Makes the files of one talk; each has a content of its own unless it is asked for the same
    one."""

    _taken: int = 0
    _last: dict[str, FileRef] = field(default_factory=dict)

    def inputs(self, who: str, thing: str) -> tuple[Input, ...] | None:
        """Return the inputs that sending a thing makes, an album as one each picture; None for an
        unknown thing."""
        words = thing.split()
        match words:
            case ["photo"]:
                return (Input.files(self._picture(who)),)
            case ["photo", count] if count.isdigit():
                album = f"album {self._taken + 1}"
                return tuple(
                    Input.files(self._picture(who), album=album) for _ in range(int(count))
                )
            case ["label", *codes] if codes:
                return (Input.files(self._made(who, "image/jpeg", "", labelled(codes))),)
            case ["same", "photo"] if who in self._last:
                return (Input.files(self._last[who]),)
            case ["file"]:
                return (Input.files(_as_file(self._picture(who))),)
            case ["file", "photo"] if who in self._last:
                return (Input.files(_as_file(self._last[who])),)
            case [("pdf" | "docx" | "xlsx") as kind]:
                return (Input.files(self._made(who, MIMES[kind], f"документ.{kind}")),)
            case ["file", *named] if "." in thing:
                ending = thing.rpartition(".")[2].lower()
                if ending not in MIMES:
                    return (Input.unfit(UNFIT["bad file"]),)
                return (Input.files(self._made(who, MIMES[ending], " ".join(named))),)
            case ["digits", count] if count.isdigit():
                return (Input.text("7" * int(count)),)
            case ["letters", count] if count.isdigit():
                return (Input.text("ж" * int(count)),)
        if thing in OTHERS:
            return (Input.other(OTHERS[thing]),)
        return (Input.unfit(UNFIT[thing]),) if thing in UNFIT else None

    def _picture(self, who: str) -> FileRef:
        self._last[who] = self._made(who, "image/jpeg", "")
        return self._last[who]

    def _made(self, who: str, mime: str, name: str, shows: str = "") -> FileRef:
        self._taken += 1
        content = hashlib.sha256(f"{who} {self._taken} {mime}".encode()).hexdigest()
        return FileRef(
            f"temporary/2026/11/{content[:32]}{shows}", content, PICTURE_SIZE, mime, name
        )


def _as_file(picture: FileRef) -> FileRef:
    return FileRef(picture.key, picture.sha256, picture.size, picture.mime, "фото.jpg")
