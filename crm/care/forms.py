"""The forms of a plant as a part of its copy: flows, layouts and translations as they lie in their
folders.

Rows keep every version that ran, but a bot takes what lies there: on an empty server that would be
the forms that the program came with. Start at `lying`."""

from __future__ import annotations

from pathlib import Path

from crm.bridge.form_files import TEMPLATES, placed
from crm.bridge.program import KINDS, VOCABULARY, folder
from crm.bridge.publishing import write
from crm.bridge.versions import LOCALES
from crm.care.copies import FORMS, CareError, Manifest
from crm.configuration import VERSION
from engine.errors import Refused

FLOWS = "flows"  # in a copy, whatever FLOWS_DIR is called


def lying() -> dict[str, bytes]:
    """Return the files of the forms by their names, also of forms with mistakes; the list of names
    is the program's."""
    base = folder().parent
    roots = {FLOWS: folder(), TEMPLATES: base / TEMPLATES, LOCALES: base / LOCALES}
    return {
        f"{label}/{path.relative_to(root).as_posix()}": path.read_bytes()
        for label, root in roots.items()
        for path in sorted(root.rglob("*"))
        if path.suffix in KINDS and path.name != VOCABULARY and path.is_file()
    }


def put_back(copy: Path, manifest: Manifest) -> int:
    """Put the forms of a copy in the place of those that lie in the folders and return how many
    files that changed. Translations of another version of the program stay: they are its words too.

    Raises CareError: the folder cannot be written to, or the copy names a place outside."""
    if not manifest.forms:
        return 0
    now = {_here(name): text for name, text in lying().items()}
    then = {_here(name): copy / FORMS / name for name in manifest.forms}
    files = {name: path.read_bytes() for name, path in then.items()}
    if manifest.program != VERSION:
        files = {name: text for name, text in files.items() if not _is_translation(name)}
        files |= {name: text for name, text in now.items() if _is_translation(name)}
    try:
        write(now, files)
    except Refused as refused:
        raise CareError(f"База и файлы возвращены, формы нет. {refused.refusal}") from refused
    return sum(now.get(name) != files.get(name) for name in now.keys() | files.keys())


def _here(name: str) -> str:
    """Return the name of a form in this plant. Raises CareError for a place outside."""
    label, _, rest = name.partition("/")
    here = f"{folder().name}/{rest}" if label == FLOWS else name
    try:
        same = label in (FLOWS, TEMPLATES, LOCALES) and placed(here) == here
    except Refused:
        same = False
    if not same:
        raise CareError(f"Копия называет место вне форм: {name}")
    return here


def _is_translation(name: str) -> bool:
    return name.startswith(f"{LOCALES}/")
