"""The `.po` files that translators edit, and the `.mo` that programs read: the only door to Babel.

A `.po` is written in the order of its sources, without line numbers and dates, so that a change in
it is a change of a text."""

from __future__ import annotations

import difflib
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from engine.languages.sources import Source, Table, Translated

FOLDER = "LC_MESSAGES"
WIDTH = 96
WAS = "было: "  # before the source that a stale translation was made of
ALIKE = 0.8  # how alike two texts of the program are when one is taken for a change of the other


def path_of(folder: Path, language: str, domain: str) -> Path:
    """Return where the translations of a language and a domain are."""
    return folder / language / FOLDER / f"{domain}.po"


class Po(Catalog):
    """A catalogue whose header says nothing of dates and tools, so that a file that is made anew
    of the same texts is the same file."""

    def __init__(self, language: str, like: Catalog | None = None) -> None:
        super().__init__(locale=language, header_comment="", fuzzy=False)
        if like is not None:
            self._set_mime_headers([("Plural-Forms", like.plural_forms)])

    def _header(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms + "\n"),
        ]

    mime_headers = property(_header, Catalog._set_mime_headers)


def read(path: Path, language: str) -> Catalog:
    """Read a `.po`; one that is not there is empty, with the plural forms of its language.

    Raises ValueError for a broken one, with its line."""
    if not path.is_file():
        return Po(language)
    try:
        return parse(path.read_bytes(), language)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error.__cause__


def parse(content: bytes, language: str) -> Catalog:
    """Read the content of a `.po`. Raises ValueError for a broken one, with its line."""
    try:
        return read_po(io.BytesIO(content), locale=language, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise ValueError(str(error)) from error


def table_of(catalog: Catalog) -> Table:
    """Return a catalogue as plain data."""
    return {
        (entry.context or "", _first(entry)): Translated(
            _forms(entry), entry.lineno or 1, entry.fuzzy
        )
        for entry in catalog
        if entry.id
    }


def _first(entry: Entry) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def _forms(entry: Entry) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())


def merged(old: Catalog, sources: Iterable[Source]) -> Catalog:
    """Return a catalogue of these texts, with the translations that there were.

    A text whose source has changed keeps its old translation as a proposal, marked fuzzy: it is
    not said until a translator has looked at it. A text of a plant that only moved, say by a line
    put before it, keeps its translation."""
    listed = list(sources)
    new = Po(str(old.locale_identifier), old)
    gone = _gone(old, {source.key for source in listed})
    for source in listed:
        identity = (source.text, source.plural) if source.plural else source.text
        before = old.get(identity, source.context or None)
        changed = None if before else _before(source, gone)
        fuzzy = before.fuzzy if before else changed is not None and _first(changed) != source.text
        comments = [
            line
            for line in (before.user_comments if before else ())
            if fuzzy or not line.startswith(WAS)
        ]
        if fuzzy and changed is not None:
            comments.append(WAS + " ".join(_first(changed).split()))
        new.add(
            identity,
            _string(before or changed, ("",) * new.num_plurals if source.plural else ""),
            locations=[(source.file, 0)],
            flags=["fuzzy"] if fuzzy else [],
            context=source.context or None,
            user_comments=comments,
        )
    return new


def _string(entry: Entry | None, empty: Any) -> Any:
    return entry.string if entry and entry.string else empty


def _gone(old: Catalog, keys: set[tuple[str, str]]) -> list[Entry]:
    return [
        entry
        for entry in old
        if entry.id and entry.string and (entry.context or "", _first(entry)) not in keys
    ]


def _before(source: Source, gone: list[Entry]) -> Entry | None:
    """Return the entry that a new text was made of: the same text of the same flow, the text that
    stood in its place, or, for a text of the program, the one most like it."""
    kept = [entry for entry in gone if isinstance(entry.id, str) is not bool(source.plural)]
    flow = source.context.partition(":")[0]
    for entry in kept:
        context = entry.context or ""
        if source.context and context.partition(":")[0] == flow and _first(entry) == source.text:
            return entry
    if source.context:
        return next((entry for entry in kept if entry.context == source.context), None)
    plain = {_first(entry): entry for entry in kept if not entry.context}
    near = difflib.get_close_matches(source.text, plain, 1, ALIKE)
    return plain[near[0]] if near else None


def _plain(catalog: Catalog) -> Po:
    """Return the same catalogue under a plain header."""
    plain = Po(str(catalog.locale_identifier), catalog)
    for entry in catalog:
        if entry.id:
            plain[entry.id] = entry
    return plain


def write(path: Path, catalog: Catalog) -> None:
    """Write a `.po`."""
    body = io.BytesIO()
    write_po(body, _plain(catalog), width=WIDTH, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body.getvalue().strip() + b"\n")


def compiled(path: Path, language: str) -> bytes:
    """Return the `.mo` of a `.po`; what is fuzzy is left out. Raises ValueError."""
    body = io.BytesIO()
    write_mo(body, _plain(read(path, language)))
    return body.getvalue()


def extract(path: Path, language: str, sources: Iterable[Source]) -> None:
    """Bring a `.po` up to its sources."""
    write(path, merged(read(path, language), sources))


def translate(path: Path, language: str, words: Callable[[str], str]) -> None:
    """Fill every translation of a `.po` by a function: the pseudo-locale."""
    catalog = read(path, language)
    for entry in catalog:
        if entry.id:
            ids = (entry.id,) if isinstance(entry.id, str) else entry.id
            forms = tuple(words(text) for text in ids)
            entry.string = forms[0] if isinstance(entry.id, str) else forms
            entry.flags.discard("fuzzy")
    write(path, catalog)
