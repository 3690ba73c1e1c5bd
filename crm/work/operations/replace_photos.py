"""Put new photos of a raw batch in the place of old ones (domain 4.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.work.models import File
from crm.work.operations.attach import attach
from engine.errors import Refusal, Refused
from engine.model.files import FileRef

KINDS = ("upd", "truck_unit", "body_temp", "ttn", "tn", "vet", "product_temp", "pallet")


@transaction.atomic
def replace_photos(
    by: Person,
    *,
    session: UUID,
    at: datetime,
    batch: RawBatch,
    kind: str,
    reason: str,
    papers: Sequence[FileRef] | None = None,
    photos: Sequence[FileRef] | None = None,
) -> None:
    """Keep new files of a kind; those that stood there name the first of them as their successor,
    with the reason of 3 to 300 characters, and stay. Done twice with one session it changes
    nothing. Raises Refused."""
    sent = (*(papers or ()), *(photos or ()))
    if File.objects.filter(lot=batch.lot_id, session=session, kind=kind).exists():
        return
    if not sent:
        raise Refused(Refusal("Пришлите хотя бы одно фото"))
    if not 3 <= len(reason.strip()) <= 300:
        raise Refused(Refusal("Укажите причину: от 3 до 300 знаков", again="reason"))
    standing = File.objects.select_for_update().filter(
        lot=batch.lot_id, kind=kind, replaced_by__isnull=True
    )
    before = [one.pk for one in standing]
    attach(by, lot_id=batch.lot_id, files={kind: sent}, session=session, at=at)
    File.objects.filter(pk__in=before).update(
        replaced_by=File.objects.get(key=sent[0].key), replace_reason=reason.strip()
    )


OPERATION = Operation(
    {
        "batch": "raw_batch",
        "kind": f"choice({', '.join(KINDS)})",
        "papers": "files?",
        "photos": "files?",
        "reason": "text",
    },
    replace_photos,
)
