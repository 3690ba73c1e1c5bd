"""A copy of a plant: the database first, then the files, so that every file that a row of the copy
names was already stored."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from crm.care.copies import (
    FILES,
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
from crm.care.postgresql import PostgresCopies
from crm.care.sqlite import SqliteCopies
from crm.configuration import VERSION, Settings
from crm.documents.models import Document
from crm.people.models import Signature
from crm.work.models import File
from engine.errors import EngineError

PNG = "image/png"


def database_of(configuration: Settings) -> Database:
    """Return the database of these settings as one that can be copied."""
    if configuration.database["ENGINE"] == "django.db.backends.sqlite3":
        return SqliteCopies(Path(str(configuration.database["NAME"])))
    return PostgresCopies(configuration.database_url)


def back_up(
    folder: Path,
    database: Database,
    store: Store,
    named: Callable[[], Mapping[str, Kept]],
    told: Told,
    forms: Mapping[str, bytes],
) -> Manifest:
    """Make a copy in a folder that is not there yet; until it is whole it has another name.
    `named` says what rows say of stored files, `forms` are the files of the forms by their names.

    Raises CareError: the folder exists, the disk is full, the database or the store do not
    answer."""
    if folder.exists():
        raise CareError(f"{folder} уже есть: назовите новую папку")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700, parents=True)  # people's data, and pictures of their signatures
        census = database.save(part / database.file, told)
        rows = named()
        files = dict(_copied(part / FILES, store, rows, told))
        made = Manifest(
            program=VERSION,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            engine=database.engine,
            database=database.file,
            database_file=measured(part / database.file),
            census=census,
            files=files,
            forms={name: _written(part / FORMS / name, text) for name, text in forms.items()},
            missing=sorted(rows.keys() - files.keys()),
            damaged=sorted(
                key for key in rows.keys() & files.keys() if rows[key].sha256 != files[key].sha256
            ),
        )
        (part / MANIFEST).write_text(made.model_dump_json(indent=1), "utf-8")
        os.sync()  # a copy that was told of survives a power cut
        part.rename(folder)
    except (OSError, EngineError) as error:
        raise CareError(f"Копия не сделана: {error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return made


def named_files() -> Mapping[str, Kept]:
    """Return what rows say of stored files."""
    named = [*File.objects.values_list("key", "size", "sha256", "mime")]
    named += Document.objects.values_list("key", "size", "sha256", "mime")
    signatures = Signature.objects.values_list("key", "size", "sha256")
    named += [(*row, PNG) for row in signatures]
    return {key: Kept(size=size, sha256=digest, mime=mime) for key, size, digest, mime in named}


def _copied(
    folder: Path, store: Store, rows: Mapping[str, Kept], told: Told
) -> Iterator[tuple[str, Kept]]:
    """Copy every stored file, also those that no row names; one that is deleted meanwhile is no
    part of the copy."""
    keys = [one.key for one in store.keys("")]
    for at, key in enumerate(keys, 1):
        try:
            content = store.get(key)
        except EngineError:
            if any(one.key == key for one in store.keys(key)):
                raise
            continue
        kept = _written(folder / key, content)
        yield key, kept.model_copy(update={"mime": rows[key].mime}) if key in rows else kept
        told(at, len(keys))


def _written(path: Path, content: bytes) -> Kept:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Kept(size=len(content), sha256=digest_of(content))
