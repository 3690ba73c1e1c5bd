"""A copy brought back: looked through first, so that a spoilt one touches nothing, and counted
afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db.migrations.loader import MigrationLoader
from pydantic import ValidationError

from crm.care.copies import (
    FILES,
    FORMAT,
    FORMS,
    MANIFEST,
    CareError,
    Database,
    Kept,
    Manifest,
    Store,
    Told,
    digest_of,
    measured,
)
from engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands where a copy is to be brought: tables, rows, stored files."""

    tables: int
    rows: int
    files: int

    @property
    def empty(self) -> bool:
        """Tell whether nothing would be lost."""
        return not self.tables and not self.files


def looked_through(folder: Path, told: Told) -> Manifest:
    """Read a copy and compare every digest. Raises CareError naming what is spoilt."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise CareError(f"В {folder} нет {MANIFEST}: это не копия завода") from error
    except ValidationError as error:
        raise CareError(f"{folder / MANIFEST} испорчен: {error.error_count()} ошибок") from error
    if manifest.format != FORMAT:
        raise CareError(f"Копия другого вида ({manifest.format}): её делала другая программа")
    parts = {manifest.database: manifest.database_file}
    parts |= {f"{FILES}/{key}": kept for key, kept in manifest.files.items()}
    parts |= {f"{FORMS}/{name}": kept for name, kept in manifest.forms.items()}
    spoilt = []
    for at, (name, kept) in enumerate(parts.items(), 1):
        if not _same(folder / name, kept):
            spoilt.append(name)
        told(at, len(parts))
    if spoilt:
        shown = ", ".join(spoilt[:5])
        raise CareError(f"Копия испорчена, не тронуто ничего. Не сходятся: {len(spoilt)} ({shown})")
    return manifest


def standing(database: Database, store: Store) -> Standing:
    """Count what stands where a copy is to be brought."""
    census = database.census()
    return Standing(len(census.tables), census.rows, sum(1 for _ in store.keys("")))


def bring_back(
    folder: Path,
    manifest: Manifest,
    database: Database,
    store: Store,
    told: Told,
) -> None:
    """Put a copy in the place of what stands there: files first, so that no row is without its
    file. Stored files of other keys stay.

    Raises CareError: another kind of database, a copy of a newer program, what is counted
    afterwards is not what the copy says."""
    if manifest.engine != database.engine:
        raise CareError(
            f"Копия сделана с {manifest.engine}, а DATABASE_URL называет {database.engine}"
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations or ()}
    newer = sorted(set(manifest.census.migrations) - known)
    if newer:
        raise CareError(
            f"Копию сделала более новая программа ({newer[0]}…): обновите эту и повторите"
        )
    try:
        for at, (key, kept) in enumerate(manifest.files.items(), 1):
            store.put(key, (folder / FILES / key).read_bytes(), kept.mime)
            told(at, len(manifest.files))
        database.load(folder / manifest.database, told)
    except (OSError, EngineError) as error:
        raise CareError(f"Копия не возвращена: {error}") from error
    _look_again(manifest, database, store)


def _look_again(manifest: Manifest, database: Database, store: Store) -> None:
    found = database.census()
    if found != manifest.census:
        other = [
            name
            for name in sorted(found.tables.keys() | manifest.census.tables.keys())
            if found.tables.get(name) != manifest.census.tables.get(name)
        ]
        raise CareError(f"После возврата строк не столько, сколько в копии: {', '.join(other)}")
    for key, kept in manifest.files.items():
        if digest_of(store.get(key)) != kept.sha256:
            raise CareError(f"После возврата файл {key} не тот, что в копии")


def _same(path: Path, kept: Kept) -> bool:
    if not path.is_file() or path.stat().st_size != kept.size:
        return False
    return measured(path).sha256 == kept.sha256
