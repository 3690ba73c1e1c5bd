"""The files of the forms as the office sees and changes them: what the folder holds with what the
checker finds in it, what a version held, an upload unpacked.

Names are relative to the folder above the forms («flows/receiving/raw_intake.yaml»). The list of
names is the program's (`.vocabulary.json`), not the author's: it is never among them. Start at
`present`."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from threading import RLock
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from crm.bridge.program import KINDS, VOCABULARY, Stamp, folder, stamp
from crm.bridge.versions import LOCALES, texts_of
from crm.work.models import Version
from engine.check.checked import checked
from engine.documents.errors import BadLayout
from engine.documents.package import unpacked as unpacked_part
from engine.drawing.pictures import picture_of
from engine.drawing.svg import draw
from engine.errors import Finding, Refusal, Refused
from engine.load.project import Project

Files = Mapping[str, bytes]
TEMPLATES = "templates"
LARGEST = 20 * 1024 * 1024  # bytes of an upload, and of what is in it
MOST = 1000  # files of an upload
LONGEST, DEEPEST = 200, 10  # bytes of a name, which a disk ends at 255; folders
TOO_LARGE = Refusal("Файл больше 20 МБ")


@dataclass(frozen=True, slots=True)
class Looked:
    """Files with what was found in them; `project` is what could be read of them."""

    files: Files
    findings: tuple[Finding, ...]
    project: Project | None

    @property
    def digest(self) -> str:
        """What tells these files from any others."""
        return digest_of(self.files)

    def lines(self, name: str) -> list[str]:
        """The lines of a file; none of one that is no text."""
        content = self.files.get(name, b"")
        try:
            return content.decode().splitlines()
        except UnicodeDecodeError:
            return []


def digest_of(files: Files) -> str:
    """Return the digest of names and contents.

    >>> digest_of({"a": b"b"}) == digest_of({"ab": b""})
    False
    """
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\0".encode())
    return whole.hexdigest()


_PRESENT: dict[str, tuple[Stamp, Looked]] = {}
_LOCK = RLock()


def present() -> Looked:
    """Return what the folder holds now; checked again only after a change, for a second or two."""
    with _LOCK:
        now, root = stamp(), folder()
        kept = _PRESENT.get(str(root))
        if kept is None or kept[0] != now:
            _PRESENT.clear()
            kept = _PRESENT[str(root)] = (now, _look(root))
        return kept[1]


def _look(root: Path) -> Looked:
    report, project = checked(root)
    files = {} if project is None else files_of(project.texts_read, project.beside)
    return Looked(files, report.findings, project)


def files_of(texts: Mapping[str, str], beside: Files) -> dict[str, bytes]:
    """Return texts and what lies beside them as files, without the program's own."""
    both = {**{name: text.encode() for name, text in texts.items()}, **beside}
    return {name: content for name, content in both.items() if not name.endswith(VOCABULARY)}


@contextmanager
def laid_out(files: Files) -> Iterator[Path]:
    """Lay files out as a folder of forms of this plant for a while, under its list of names."""
    root = folder()
    vocabulary = f"{root.name}/{VOCABULARY}"
    with TemporaryDirectory(prefix="forms-") as place:
        for name, content in {**files, vocabulary: (root / VOCABULARY).read_bytes()}.items():
            path = Path(place) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield Path(place) / root.name


def look_at(files: Files) -> Looked:
    """Check files that are not in the folder; what does not belong to the forms is left out."""
    with laid_out(files) as root:
        found = _look(root)
    named = {one.place.path for one in found.findings}
    mine = {name: text for name, text in files.items() if name in found.files or name in named}
    return Looked(mine, found.findings, found.project)


def of_version(version: Version) -> dict[str, bytes]:
    """Return the files that a version held."""
    return files_of(*texts_of(version))


@lru_cache(maxsize=64)
def _drawn(mermaid: str) -> str:
    return draw(mermaid)


def picture(project: Project, name: str) -> str | None:
    """Return a form, a lifecycle or the plant as SVG; None for a name that is not whole."""
    text = picture_of(project.sources(), name)
    return None if text is None else _drawn(text)


def packed(files: Files) -> bytes:
    """Return files as a zip, the same for the same files."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(name, files[name])
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip that could belong to forms, by their places in this plant: from
    «flows/», «templates/» or «locales/» on, else within the folder of the forms.

    Raises Refused for what is no zip, holds too much or names a place outside."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir()]
            if len(inside) > MOST or sum(one.file_size for one in inside) > LARGEST:
                raise Refused(TOO_LARGE)
            return {
                placed(one.filename): unpacked_part(archive, one)
                for one in inside
                if _belongs(PurePosixPath(one.filename))
            }
    except BadLayout as error:  # it says less than it has: a bomb
        raise Refused(TOO_LARGE) from error
    except (BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise Refused(Refusal("Архив .zip не читается")) from error


def _belongs(path: PurePosixPath) -> bool:
    """Tell whether a file may be one of forms: those of systems and of git are not."""
    hidden = any(part.startswith((".", "__")) and part != ".." for part in path.parts)
    return path.suffix in KINDS and not hidden


def bad_name(name: str) -> Refusal:
    """Say that no file can be called so here."""
    return Refusal("Недопустимое имя файла: {name}", {"name": name[:80]})


def placed(name: str) -> str:
    """Return where a file of an archive belongs. Raises Refused for a place outside, and for a name
    that no disk takes."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    long = any(len(part.encode()) > LONGEST for part in parts) or len(parts) > DEEPEST
    if name.startswith("/") or ".." in parts or long or not name.isprintable():
        raise Refused(bad_name(name))
    root = folder().name
    for at, part in enumerate(parts[:-1]):
        if part in (root, TEMPLATES, LOCALES):
            return "/".join(parts[at:])
    return "/".join((root, *parts))
