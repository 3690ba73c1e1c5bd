"""The translations of a plant as the checker looks at them: by language, with their lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.errors import Finding, Place
from engine.languages.catalogue import SOURCE
from engine.languages.po import parse, path_of, table_of
from engine.languages.sources import Table
from engine.load.tree import Tree

DOMAIN = "flows"
KEPT = 8  # files whose translations are remembered


@dataclass(frozen=True, slots=True)
class Translation:
    """One language: its file and what stands in it."""

    language: str
    tree: Tree
    table: Table

    def place(self, line: int) -> Place:
        """Return the place of a translation: the line of its `msgstr`."""
        lines = self.tree.lines
        for at in range(line - 1, len(lines)):
            if lines[at].startswith("msgstr"):
                return Place(self.tree.file, at + 1, 1, len(lines[at]))
        return Place(self.tree.file, line)


def read_translations(
    base: Path, languages: Iterable[str]
) -> tuple[tuple[Translation, ...], tuple[Finding, ...]]:
    """Read the translations beside a folder of flows. A language without a file is empty; without
    a folder of translations everybody reads Russian, and there is nothing to check."""
    found, findings = list[Translation](), list[Finding]()
    for language in languages if (base / "locales").is_dir() else ():
        if language == SOURCE:
            continue
        path = path_of(base / "locales", language, DOMAIN)
        file = path.relative_to(base).as_posix()
        content = path.read_bytes() if path.is_file() else b""
        text = content.decode("utf-8", errors="replace")
        tree = Tree(file, None, lines=tuple(text.splitlines()), text=text)
        try:
            table = _table(content, language)
        except ValueError as error:
            line = getattr(error.__cause__, "lineno", 0) + 1
            message, remedy = "файл переводов не читается", "исправьте его в этой строке"
            findings.append(Finding(Place(file, line), "F101", message, remedy))
            continue
        found.append(Translation(language, tree, table))
    return tuple(found), tuple(findings)


@lru_cache(maxsize=KEPT)
def _table(content: bytes, language: str) -> Table:
    """Return what stands in a file: between two checks of the forms it rarely changes, and reading
    it is a twentieth of one."""
    return table_of(parse(content, language))
