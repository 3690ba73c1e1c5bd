"""Keep files that workers sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from crm.fresh import fresh
from crm.new_rows import insert_all
from crm.whole import whole
from crm.work.models import File
from engine.model.files import FileRef

if TYPE_CHECKING:
    from crm.people.models import Person


@whole
def attach(
    by: Person | None,
    *,
    lot_id: int | None,
    files: Mapping[str, Sequence[FileRef]],
    session: UUID,
    at: datetime,
) -> None:
    """Tie stored files to a lot, or to none but the session they came with, by kind. A key belongs
    to one record for good (a constraint)."""
    insert_all(
        [
            fresh(
                File,
                lot_id=lot_id,
                kind=kind,
                key=file.key,
                sha256=file.sha256,
                original=file.original,
                size=file.size,
                mime=file.mime,
                name=file.name[:200],
                taken_by_id=by.pk if by is not None else None,
                taken_at=at,
                session=session,
            )
            for kind, group in files.items()
            for file in group
        ]
    )
