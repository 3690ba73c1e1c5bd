"""Take a corrected certificate of a raw batch instead of the printed one (domain 4.9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.documents.models import Document
from crm.documents.operations.issue import issue
from crm.documents.operations.issue_certificate import issue_certificate
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.work.operations.attach import attach
from engine.errors import Refusal, Refused
from engine.model.files import FileRef, StoredFile

KIND = "incoming_control"  # the folder of templates/ whose paper is replaced
TITLE = "Акт входного контроля сырья"


@transaction.atomic
def replace_certificate(
    by: Person, *, session: UUID, at: datetime, batch: RawBatch, file: Sequence[FileRef], note: str
) -> Document:
    """Keep the corrected file as the issued certificate, a further edition; those before stay.

    `file` is one Word document, `note` says in 3 to 300 characters what was corrected. Done twice
    with one session it returns the first. Raises Refused."""
    key = f"certificate:{session}"
    known = Document.objects.filter(source_key=key).first()
    if known:
        return known
    if len(file) != 1:
        raise Refused(Refusal("Пришлите один файл", again="file"))
    if not 3 <= len(note.strip()) <= 300:
        raise Refused(Refusal("Что исправлено: от 3 до 300 знаков", again="note"))
    issue_certificate(by, at=at, batch=batch)
    [sent] = file
    attach(by, lot_id=batch.lot_id, files={"certificate": file}, session=session, at=at)
    return issue(
        by,
        source_key=key,
        kind=KIND,
        title=TITLE,
        number=batch.full_number,
        lot_id=batch.lot_id,
        stored=StoredFile(sent.key, sent.sha256, sent.size, sent.mime),
        name=f"{TITLE.removesuffix(' сырья')} {(batch.number or '').replace('/', '-')}.docx",
        state=Document.State.ISSUED,
        session=session,
        at=at,
        note=note.strip(),
    )


OPERATION = Operation({"batch": "raw_batch", "file": "files", "note": "text"}, replace_certificate)
