"""The files of one folder, read one by one: what was found, which name is in which file."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from engine.errors import Finding, Place, say
from engine.load.forms import Model, Reader
from engine.load.tree import LARGEST, Tree, read_tree

HEAVIEST = 20 * 1024 * 1024  # bytes of a file beside the YAML; a layout of ours has 40 kB


class Files:
    """Reads files and remembers: texts and trees by file, files by name, names that are broken;
    `beside` are the bytes of what is no YAML and belongs to it."""

    def __init__(self, root: Path) -> None:
        self.root, self.base = root, root.parent
        self.findings: list[Finding] = []
        self.texts: dict[str, str] = {}
        self.beside: dict[str, bytes] = {}
        self.trees: dict[str, Tree] = {}
        self.of: dict[tuple[str, str], str] = {}
        self.broken: set[tuple[str, str]] = set()
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        """The digest of all that was read so far: names, texts, what lies beside them."""
        return self._hash.hexdigest()

    def text(self, path: Path) -> str | None:
        """Return the text of a file; None, with a finding, when there is none."""
        name = path.relative_to(self.base).as_posix()
        try:
            if path.stat().st_size > LARGEST:
                trouble = ("файл больше 1 МиБ", "разделите его на несколько")
            else:
                text = path.read_text("utf-8")
                self._hash.update(f"{name}\0{text}\0".encode())
                self.texts[name] = text
                return text
        except FileNotFoundError:
            trouble = ("файла нет", "создайте его")
        except UnicodeDecodeError:
            trouble = ("файл не в кодировке UTF-8", "сохраните его в UTF-8")
        except OSError:
            trouble = ("файл не открывается", "проверьте права на него")
        self.findings.append(Finding(Place(name), "F101", *trouble))
        return None

    def take(self, path: Path) -> bytes | None:
        """Return a file that belongs to the YAML: a layout, a translation. None when there is none;
        that, and what is wrong in it, is told by who reads it."""
        name = path.relative_to(self.base).as_posix()
        try:
            if path.stat().st_size > HEAVIEST:
                return None
            content = path.read_bytes()
        except OSError:
            return None
        self._hash.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\0".encode())
        self.beside[name] = content
        return content

    def reader(self, path: Path, kind: str) -> Reader | None:
        """Read one file; None, with findings, when nothing of it can be used.

        `kind` is what the file holds: its name is `broken` then."""
        text = self.text(path)
        if text is None:
            return None
        tree, findings = read_tree(path.relative_to(self.base).as_posix(), text)
        self.findings += findings
        self.trees[tree.file] = tree
        if tree.data is None:
            named = re.search(rf"^{kind}: *([a-z0-9_]+)", text, re.MULTILINE)
            self.broken.add((kind, named[1] if named else path.stem))
            return None
        return Reader(tree)

    def done(self, reader: Reader, kind: str = "", broken: str = "") -> None:
        """Take over what a reader found; `broken` names what could not be made whole."""
        self.findings += reader.findings
        reader.findings = []
        if broken:
            self.broken.add((kind, broken))

    def model(self, reader: Reader, form: type[Model], data: Any, *path: str | int) -> Model | None:
        """Make one object of a file's part and take over what was found."""
        made = reader.model(form, data, path)
        self.done(reader)
        return made

    def name(self, kind: str, name: str, reader: Reader) -> bool:
        """Remember which file holds a thing; refuse the second one of a name."""
        if (kind, name) in self.of:
            place = reader.tree.place((kind,))
            message = say("имя «{name}» уже есть в {of}", name=name, of=self.of[kind, name])
            self.findings.append(Finding(place, "F106", message, "дайте другое имя"))
            return False
        self.of[(kind, name)] = reader.tree.file
        return True
