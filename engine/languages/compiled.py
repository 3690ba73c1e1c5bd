"""The compiled form of translations: made of the edited one when that has changed, kept beside it.

A fresh clone speaks every language at its first start; an edited `.po` counts at the next one.
Babel is loaded only when something has changed. Where the folder cannot be written to, make them
before: `cli.py texts compile`."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)


def compile_changed(folder: Path) -> tuple[Path, ...]:
    """Write the `.mo` of every `.po` of a folder of locales that is newer, and return them. One
    that cannot be read leaves what there was."""
    written = []
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        try:
            _write(path, target)
        except (OSError, ValueError) as error:
            log.warning("%s is not compiled: %s", path, error)
        else:
            written.append(target)
    return tuple(written)


def _write(path: Path, target: Path) -> None:
    from engine.languages.po import compiled  # noqa: PLC0415 - Babel costs more than all the rest

    content = compiled(path, path.parts[-3])
    handle, fresh = tempfile.mkstemp(dir=target.parent, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(fresh).replace(target)
    finally:
        Path(fresh).unlink(missing_ok=True)
